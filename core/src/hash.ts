import { hash } from "node:crypto";
import { createKeccak } from "hash-wasm";
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

// One WASM instance a thread: 8 times noble's speed, and creating one costs more than using it.
const hasher = await createKeccak(256);

/** Only where Ethereum's objects stand: transactions, EVM headers, receipts, tries, addresses, `modelId`. */
export function keccak256(data: Bytes): Hash {
  return hasher.init().update(data).digest("binary");
}
