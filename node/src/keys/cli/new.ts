/** `noema keys new`. The mnemonic is on the disk before a key that only it can bring back. */
import { existsSync } from "node:fs";
import { to0x } from "@noema/core/bytes";
import { publicKeyOf } from "@noema/core/crypto/bls";
import { createProgress } from "../../cli/progress.ts";
import { createFile } from "../../files/write-file.ts";
import { holdKeystore } from "../key-folder.ts";
import { type Kdf, sealKeystore } from "../keystore.ts";
import { derivedKey, newMnemonic, parseMnemonic } from "../mnemonic.ts";
import { readSecretFile } from "../secret-file.ts";

export type NewKeysOptions = { datadir: string; mnemonicFile: string; passwordFile: string; index: number; count: number; kdf: Kdf };

export async function newKeys({ datadir, mnemonicFile, passwordFile, index, count, kdf }: NewKeysOptions): Promise<void> {
  const { say, during } = createProgress();
  const password = readSecretFile(passwordFile);
  if (!existsSync(mnemonicFile)) {
    createFile(mnemonicFile, `${newMnemonic()}\n`, 0o600); // never over words that another command has just made keys of
    say(`a new mnemonic is in ${mnemonicFile}: keep a copy where no machine is, nothing else brings these keys back`);
  }
  const mnemonic = parseMnemonic(readSecretFile(mnemonicFile));
  for (let i = 0; i < count; i++) {
    const { path, secretKey } = derivedKey(mnemonic, index + i);
    const keystore = await during((s) => `key ${i + 1} of ${count} ... ${s} s`, sealKeystore(secretKey, password, path, kdf));
    holdKeystore(datadir, keystore);
    say(`${to0x(publicKeyOf(secretKey))}  ${path}`);
  }
}
