/** `noema keys list`: needs no password. */
import { heldKeys } from "../key-folder.ts";

export function listKeys({ datadir, json }: { datadir: string; json: boolean }): void {
  const keys = heldKeys(datadir).map(({ publicKey, path, keystore }) => ({
    publicKey,
    file: path,
    encrypted: keystore !== undefined,
    ...(keystore?.path && { path: keystore.path }),
  }));
  if (json) process.stdout.write(`${JSON.stringify(keys)}\n`);
  else for (const { publicKey, file, encrypted, path } of keys) process.stdout.write(`${[publicKey, file, encrypted ? path : "not encrypted"].filter(Boolean).join("  ")}\n`); // biome-ignore format: one line
}
