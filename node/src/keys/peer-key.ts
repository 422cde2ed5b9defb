/** <datadir>/keys/peer.json: the ed25519 key of this node's peer id, readable by its owner alone. It signs no votes. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { generateKeyPair, privateKeyFromRaw } from "@libp2p/crypto/keys";
import type { PrivateKey } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { fromHex, to0x } from "@noema/core/bytes";
import { makeFolder } from "../files/make-folder.ts";
import { writeJson } from "../files/write-file.ts";
import { keyError } from "./errors.ts";
import { readKeyFile } from "./key-file.ts";
import { peerKeyPath } from "./paths.ts";

export type PeerKey = { id: string; privateKey: PrivateKey };

/** The key in the file; a new one is made where there is none. Throws KEY_FILE_INVALID, FILE_UNWRITABLE; the message never quotes the key. */
export async function loadPeerKey(datadir: string): Promise<PeerKey> {
  const path = peerKeyPath(datadir);
  if (!existsSync(path)) return create(path);
  const json = readKeyFile(path);
  try {
    const { privateKey, id } = json as { privateKey: string; id: string };
    const key = privateKeyFromRaw(fromHex(privateKey, 64));
    if (peerIdFromPrivateKey(key).toString() !== id) throw new Error("the id does not belong to the key");
    return { id, privateKey: key };
  } catch {
    throw keyError("KEY_FILE_INVALID", `${path} is not a peer key file`, { path });
  }
}

async function create(path: string): Promise<PeerKey> {
  const key = await generateKeyPair("Ed25519");
  const id = peerIdFromPrivateKey(key).toString();
  makeFolder(dirname(path), 0o700);
  writeJson(path, { id, privateKey: to0x(key.raw) }, 0o600);
  return { id, privateKey: key };
}
