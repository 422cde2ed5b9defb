import { join } from "node:path";

export function validatorKeyPath(datadir: string): string {
  return join(datadir, "keys", "validator.json");
}

export function peerKeyPath(datadir: string): string {
  return join(datadir, "keys", "peer.json");
}

/** `publicKey`: 0x and 96 digits. */
export function keystorePath(datadir: string, publicKey: string): string {
  return join(datadir, "keys", `keystore-${publicKey}.json`);
}
