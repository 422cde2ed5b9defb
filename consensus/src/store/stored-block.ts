/**
 * A block as the chain store keeps it: block hash ‖ mix after the block ‖ its SSZ by raw DEFLATE (RFC 1951), with an empty block's as
 * dictionary: most of a header is zeros and roots of empty lists.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { concatBytes, ZERO_HASH } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { consensusError } from "../errors.ts";
import type { Block } from "../types.ts";
import { blockType } from "../wire/block.ts";
import { bodyRoots, fromBody, toBlock } from "../wire/body.ts";

const HASH_BYTES = 32;
const { header, body } = blockType.defaultValue();
const dictionary = blockType.serialize({ header: { ...header, ...bodyRoots(fromBody(body)) }, body });
const maxOutputLength = blockType.maxSize as number;

export function packBlock(block: Block, mix: Hash = ZERO_HASH): Bytes {
  return concatBytes(block.hash, mix, deflateRawSync(blockType.serialize(toBlock(block)), { dictionary }));
}

export function mixOf(stored: Bytes): Hash {
  return stored.slice(HASH_BYTES, 2 * HASH_BYTES);
}

export function hashOf(stored: Bytes): Hash {
  return stored.slice(0, HASH_BYTES);
}

/** Its SSZ. Throws CONSENSUS_STORE_CORRUPT. */
export function encodedBlockOf(stored: Bytes): Bytes {
  try {
    return new Uint8Array(inflateRawSync(stored.subarray(2 * HASH_BYTES), { dictionary, maxOutputLength }));
  } catch (error) {
    throw consensusError("CONSENSUS_STORE_CORRUPT", `a stored block of ${stored.length} bytes does not unpack`, {}, error);
  }
}

/** Our own bytes: the hash stands before them, and hashing again is what reading would cost. */
export function unpackBlock(stored: Bytes): Block {
  const { header, body } = blockType.deserialize(encodedBlockOf(stored));
  return { hash: hashOf(stored), header, body: fromBody(body) };
}
