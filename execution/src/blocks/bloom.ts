/** The logs bloom filter (Yellow Paper, 4.3.1): 2,048 bits, three for each address and topic. */
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";

export const BLOOM_BYTES = 256;
/** Of no logs. Never written to. */
export const NO_BLOOM: Bytes = new Uint8Array(BLOOM_BYTES);

export type BloomBits = readonly [number, number, number];

/** Positions counted from the last bit of the filter. */
export function bloomBits(item: Bytes): BloomBits {
  const hash = keccak256(item);
  const bit = (i: number) => (((hash[i] as number) << 8) | (hash[i + 1] as number)) & 2047;
  return [bit(0), bit(2), bit(4)];
}

function addToBloom(bloom: Bytes, item: Bytes): void {
  for (const bit of bloomBits(item)) {
    const at = BLOOM_BYTES - 1 - (bit >> 3);
    bloom[at] = (bloom[at] as number) | (1 << (bit & 7));
  }
}

/** false: the item is certainly not there. */
export function bloomHas(bloom: Bytes, bits: BloomBits): boolean {
  return bits.every((bit) => ((bloom[BLOOM_BYTES - 1 - (bit >> 3)] as number) >> (bit & 7)) & 1);
}

export function bloomOf(logs: readonly { address: Bytes; topics: readonly Bytes[] }[]): Bytes {
  const bloom = new Uint8Array(BLOOM_BYTES);
  for (const log of logs) {
    addToBloom(bloom, log.address);
    for (const topic of log.topics) addToBloom(bloom, topic);
  }
  return bloom;
}

export function mergeBloom(into: Bytes, bloom: Bytes): void {
  for (let i = 0; i < BLOOM_BYTES; i++) into[i] = (into[i] as number) | (bloom[i] as number);
}
