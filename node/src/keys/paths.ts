import { join } from "node:path";

export function validatorKeyPath(datadir: string): string {
  return join(datadir, "keys", "validator.json");
}

export function peerKeyPath(datadir: string): string {
  return join(datadir, "keys", "peer.json");
}
