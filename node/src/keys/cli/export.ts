/** `noema keys export`. */
import { existsSync } from "node:fs";
import { createProgress } from "../../cli/progress.ts";
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
  const password = readSecretFile(under);
  const { say, during } = createProgress();
  const secretKey = await during((s) => `opening ${key.path} ... ${s} s`, openKey(key, choice));
  const keystore = await during((s) => `sealing ${out} ... ${s} s`, sealKeystore(secretKey, password, key.keystore?.path ?? "", kdf));
  writeJson(out, keystore, 0o600);
  say(`${key.publicKey} is in ${out}`);
}
