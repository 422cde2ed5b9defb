import { mkdirSync } from "node:fs";
import { compareBytes } from "@noema/core/bytes";
import { generateSecretKey, publicKeyOf } from "@noema/core/crypto/bls";
import { loadPeerKey } from "@noema/node/keys/peer-key";
import { createValidatorKey } from "@noema/node/keys/validator-key";

/** New keys, in the order that genesis gives validators their index: by public key. Returns the secret keys in that order. */
export async function createValidatorKeys(folders: readonly string[]): Promise<Uint8Array[]> {
  const keys = folders.map(() => generateSecretKey());
  keys.sort((a, b) => compareBytes(publicKeyOf(a), publicKeyOf(b)));
  for (const [i, folder] of folders.entries()) {
    mkdirSync(folder, { recursive: true });
    createValidatorKey(folder, keys[i]);
  }
  return keys;
}

export async function loadPeerId(folder: string): Promise<string> {
  return (await loadPeerKey(folder)).id;
}
