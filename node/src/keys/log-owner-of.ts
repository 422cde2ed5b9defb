import { publicKeyOf } from "@noema/core/crypto/bls";
import type { Hash } from "@noema/core/ports/bytes";
import type { NodeConfig } from "../config.ts";
import type { LogOwner } from "../store/log-owner.ts";
import { loadValidatorKey } from "./validator-key.ts";

/** Logs of a node that only follows are nobody's: a validator never takes them for its memory. */
const NOBODY = new Uint8Array(48);

/** Throws KEY_FILE_INVALID. */
export function logOwnerOf({ datadir, follow }: Pick<NodeConfig, "datadir" | "follow">, genesisHash: Hash): LogOwner {
  return { genesisHash, publicKey: follow ? NOBODY : publicKeyOf(loadValidatorKey(datadir)) };
}
