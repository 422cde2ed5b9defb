/** `noema keys list`: needs no password. */
import { dirname } from "node:path";
import { heldKeys } from "../key-folder.ts";
import { validatorKeyPath } from "../paths.ts";

export function listKeys({ datadir, json }: { datadir: string; json: boolean }): void {
  const keys = heldKeys(datadir).map(({ publicKey, path, keystore }) => ({
    publicKey,
    file: path,
    encrypted: keystore !== undefined,
    ...(keystore?.path && { path: keystore.path }),
  }));
  if (keys.length === 0) process.stderr.write(`${dirname(validatorKeyPath(datadir))} holds no key\n`);
  if (json) process.stdout.write(`${JSON.stringify(keys)}\n`);
  else for (const { publicKey, file, encrypted, path } of keys) process.stdout.write(`${[publicKey, file, encrypted ? path : "not encrypted"].filter(Boolean).join("  ")}\n`); // biome-ignore format: one line
}
