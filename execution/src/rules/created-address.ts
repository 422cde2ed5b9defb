import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpEncode } from "../rlp/encode.ts";

/** Of the contract that an account makes with this nonce, 20 bytes (Yellow Paper, 7). */
export function createdAddress(creator: Bytes, nonce: bigint): Bytes {
  return keccak256(rlpEncode([creator, nonce])).slice(12);
}
