import { utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { LogOwner } from "../log-owner.ts";

/** Validator `i` of a chain that is none. */
export function testOwner(i = 0): LogOwner {
  return { genesisHash: sha256(utf8("a test chain")), publicKey: new Uint8Array(48).fill(i + 1) };
}
