/**
 * Root of the transactions and receipts tries: RLP(index) -> item. Keys are known and in order, so the trie is built from below, each
 * node once, in scratch memory: there are no node objects, and nothing is kept.
 */
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { rlpLength, rlpWrite } from "../rlp/encode.ts";
import { writeNumber } from "../rlp/integers.ts";
import { commonPrefix, hexPrefix, toNibbles } from "./nibbles.ts";
import { EMPTY_ROOT } from "./node.ts";

/** A branch's 17 references of at most 33 bytes. */
const BRANCH_BYTES = 17 * 33;
const LIST = 0xc0;
const LONG_LIST = 0xf7;
const HASH_REF = 0xa0;
const NO_CHILD = 0x80;

/** `item`: read before the next one is asked for. */
export function orderedRoot(count: number, item: (index: number) => Bytes): Hash {
  if (count === 0) return EMPTY_ROOT;
  const order = keyOrder(count);
  const keys = order.map(keyOf);
  /** The branch that is being made at each depth. */
  const branches: Bytes[] = [];
  let scratch = new Uint8Array(1024);

  /** RLP of the node over keys `from` to `to` below `depth` nibbles; a view that the next node overwrites. */
  function encode(from: number, to: number, depth: number): Bytes {
    const first = keys[from] as Bytes;
    if (to - from === 1) return encodePair(hexPrefix(first.subarray(depth), true), item(order[from] as number));
    const shared = commonPrefix(first, keys[to - 1] as Bytes);
    return shared > depth ? encodeExtension(from, to, depth, shared) : encodeBranch(from, to, depth);
  }

  function encodePair(path: Bytes, value: Bytes): Bytes {
    const pair = [path, value];
    const length = rlpLength(pair);
    if (scratch.length < length) scratch = new Uint8Array(2 * length);
    return scratch.subarray(0, rlpWrite(pair, scratch, 0));
  }

  /** Above the branch at `below`. Its keys have six nibbles at most, so that the whole is short. */
  function encodeExtension(from: number, to: number, depth: number, below: number): Bytes {
    const reference = new Uint8Array(33);
    const length = writeRef(encodeBranch(from, to, below), reference, 0);
    const prefix = hexPrefix((keys[from] as Bytes).subarray(depth, below), false);
    const at = rlpWrite(prefix, scratch, 1);
    scratch.set(reference.subarray(0, length), at);
    scratch[0] = LIST + at - 1 + length;
    return scratch.subarray(0, at + length);
  }

  function encodeBranch(from: number, to: number, depth: number): Bytes {
    branches[depth] ??= new Uint8Array(BRANCH_BYTES);
    const branch = branches[depth] as Bytes;
    let at = 0;
    let next = from;
    for (let nibble = 0; nibble < 16; nibble++) {
      let end = next;
      while (end < to && (keys[end] as Bytes)[depth] === nibble) end++;
      if (end === next) branch[at++] = NO_CHILD;
      else at = writeRef(encode(next, end, depth + 1), branch, at);
      next = end;
    }
    branch[at++] = NO_CHILD;
    return withListHead(branch, at);
  }

  function withListHead(body: Bytes, length: number): Bytes {
    const head = length < 56 ? 1 : length < 256 ? 2 : 3;
    scratch[0] = head === 1 ? LIST + length : LONG_LIST + head - 1;
    if (head > 1) writeNumber(length, scratch, 1, head - 1);
    scratch.set(body.subarray(0, length), head);
    return scratch.subarray(0, head + length);
  }

  return keccak256(encode(0, count, 0));
}

function writeRef(encoded: Bytes, out: Bytes, at: number): number {
  if (encoded.length < 32) {
    out.set(encoded, at);
    return at + encoded.length;
  }
  out[at] = HASH_REF;
  out.set(keccak256(encoded), at + 1);
  return at + 33;
}

/** Indices in the order of their keys: 0 is the empty string, 0x80, and comes after 1 to 127. */
function keyOrder(count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  const zero = Math.min(count, 128) - 1;
  order.copyWithin(0, 1, zero + 1);
  order[zero] = 0;
  return order;
}

function keyOf(index: number): Bytes {
  const key = new Uint8Array(rlpLength(index));
  rlpWrite(index, key, 0);
  return toNibbles(key);
}
