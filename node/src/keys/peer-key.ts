/** <datadir>/keys/peer.json: the ed25519 key of this node's peer id, readable by its owner alone. It signs no votes. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generateKeyPair, privateKeyFromRaw } from "@libp2p/crypto/keys";
import type { PrivateKey } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { fromHex, to0x } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";

export function peerKeyPath(datadir: string): string {
  return join(datadir, "keys", "peer.json");
}

export type PeerKey = { id: string; privateKey: PrivateKey };

/** The key in the file; a new one is made where there is none. Throws KEY_FILE_INVALID; the message never quotes the key. */
export async function loadPeerKey(datadir: string): Promise<PeerKey> {
  const path = peerKeyPath(datadir);
  if (!existsSync(path)) return create(path);
  try {
    const { privateKey, id } = JSON.parse(readFileSync(path, "utf8")) as { privateKey: string; id: string };
    const key = privateKeyFromRaw(fromHex(privateKey, 64));
    if (peerIdFromPrivateKey(key).toString() !== id) throw new Error("the id does not belong to the key");
    return { id, privateKey: key };
  } catch {
    throw new NoemaError("KEY_FILE_INVALID", `${path} is not a peer key file`, { path });
  }
}

async function create(path: string): Promise<PeerKey> {
  const key = await generateKeyPair("Ed25519");
  const id = peerIdFromPrivateKey(key).toString();
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${JSON.stringify({ id, privateKey: to0x(key.raw) }, null, 2)}\n`, { mode: 0o600, flag: "wx", flush: true });
  } catch (error) {
    throw new NoemaError("KEY_FILE_INVALID", `${path}: ${error instanceof Error ? error.message : error}`, { path }, error);
  }
  return { id, privateKey: key };
}
