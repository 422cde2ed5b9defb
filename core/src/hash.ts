import { hash } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { createKeccak, type IHasher } from "hash-wasm";
import type { Bytes, Hash } from "./ports/bytes.ts";

/** H of encoding.md 1. */
export function sha256(...parts: readonly Bytes[]): Hash {
  const data = parts.length === 1 ? (parts[0] as Bytes) : Buffer.concat(parts);
  return new Uint8Array(hash("sha256", data, "buffer"));
}

/** H of one part, written to `at` of a buffer: half the time for what is as small as a node of a tree. */
export function sha256Into(to: Buffer, at: number, data: Bytes): void {
  to.write(hash("sha256", data, "binary"), at, "binary");
}

// One WASM instance a thread: 8 times noble's speed, and creating one costs more than using it. Noble's hashes are the same until it
// is there, some milliseconds after the start: a module that waited for it would have all that import it loaded asynchronously.
let compiled: IHasher | undefined;
createKeccak(256).then(
  (hasher) => {
    compiled = hasher;
  },
  () => {}, // a runtime without WebAssembly keeps noble's
);

/** Only where Ethereum's objects stand: transactions, EVM headers, receipts, tries, addresses, `modelId`. */
export function keccak256(data: Bytes): Hash {
  return compiled === undefined ? keccak_256(data) : compiled.init().update(data).digest("binary");
}
