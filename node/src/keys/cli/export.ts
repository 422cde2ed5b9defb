/** `noema keys export`. */
import { existsSync } from "node:fs";
import { writeJson } from "../../files/write-file.ts";
import { keyError } from "../errors.ts";
import { chosenKey, openKey } from "../key-folder.ts";
import { type Kdf, sealKeystore } from "../keystore.ts";
import { readSecretFile } from "../secret-file.ts";

export type ExportKeyOptions = { datadir: string; out: string; key?: string; passwordFile?: string; newPasswordFile?: string; kdf: Kdf };

export async function exportKey({ datadir, out, key: validatorKey, passwordFile, newPasswordFile, kdf }: ExportKeyOptions): Promise<void> {
  if (existsSync(out)) throw keyError("KEY_EXISTS", `${out} exists already`, { path: out });
  const choice = { datadir, validatorKey, passwordFile };
  const key = chosenKey(choice);
  const under = newPasswordFile ?? passwordFile;
  if (under === undefined) throw keyError("PASSWORD_FILE_MISSING", `no password file is named for ${out}`, { out });
  const secretKey = await openKey(key, choice);
  writeJson(out, await sealKeystore(secretKey, readSecretFile(under), key.keystore?.path ?? "", kdf), 0o600);
  process.stdout.write(`${key.publicKey} is in ${out}\n`);
}
