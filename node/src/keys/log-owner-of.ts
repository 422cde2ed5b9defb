import { fromHex } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { LogOwner } from "../store/log-owner.ts";
import { chosenKey, type KeyChoice } from "./key-folder.ts";

/** Logs of a node that only follows are nobody's: a validator never takes them for its memory. */
const NOBODY = new Uint8Array(48);

/** Needs no password. Throws KEY_FILE_INVALID, KEY_AMBIGUOUS, KEY_UNKNOWN, KEYSTORE_INVALID. */
export function logOwnerOf({ follow, ...choice }: KeyChoice & { follow: boolean }, genesisHash: Hash): LogOwner {
  return { genesisHash, publicKey: follow ? NOBODY : fromHex(chosenKey(choice).publicKey, 48) };
}
