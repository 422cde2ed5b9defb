/**
 * Weighted rendezvous order of the validators for a sender (da.md section 1): validator v draws
 * u_v = first 8 bytes (big endian, at least 1) of H("noema/home/1" || seed || sender || key_v), and v comes before w when
 * L(u_v) / weight_v < L(u_w) / weight_w, ties by index, where L(u) = -log2(u / 2^64) in units of 2^-32, rounded up.
 * -ln(u) / weight is exponentially distributed with rate `weight`, so the first place goes to v with its share of stake,
 * and a change of one weight moves only senders to or from that validator. Integers only: every node computes the same.
 */
import { createBoundedMap } from "@noema/core/bounded";
import { toHex, utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";

const TAG = utf8("noema/home/1");
const FRACTION_BITS = 32;

/** Indexes of the set's members, the sender's home first; the k-th batches the sender's transactions only k * 2 s after seeing them. */
export function homeOrder(seed: Hash, set: ValidatorSet, sender: Bytes): number[] {
  const draws = set.members.map((member, index) => ({
    index,
    weight: member.weight,
    log: negativeLog2(drawOf(sha256(TAG, seed, sender, member.publicKey))),
  }));
  draws.sort((a, b) => compare(a.log * b.weight, b.log * a.weight) || a.index - b.index);
  return draws.map((d) => d.index);
}

/** Senders come again and again, and their order costs ten microseconds for each validator; 3 MB at most. */
const REMEMBERED = 16_384;

/** homeOrder with a memory of the newest seed and set. */
export function createHomeOrders(): (seed: Hash, set: ValidatorSet, sender: Bytes) => readonly number[] {
  let of = { seed: "", set: "", orders: createBoundedMap<string, readonly number[]>(REMEMBERED) };
  return (seed, set, sender) => {
    const now = { seed: toHex(seed), set: toHex(set.hash) };
    if (of.seed !== now.seed || of.set !== now.set) of = { ...now, orders: createBoundedMap(REMEMBERED) };
    const key = toHex(sender);
    const order = of.orders.get(key) ?? homeOrder(seed, set, sender);
    of.orders.set(key, order);
    return order;
  };
}

function drawOf(hash: Hash): bigint {
  const draw = new DataView(hash.buffer, hash.byteOffset, 8).getBigUint64(0);
  return draw === 0n ? 1n : draw;
}

/** -log2(u / 2^64) * 2^32 for 1 <= u < 2^64, at least 1; bit by bit, squaring the mantissa. */
export function negativeLog2(u: bigint): bigint {
  const integer = u.toString(2).length - 1;
  let mantissa = u << BigInt(63 - integer); // in [2^63, 2^64): 1.xxx with 63 fractional bits
  let fraction = 0n;
  for (let i = 0; i < FRACTION_BITS; i++) {
    mantissa = (mantissa * mantissa) >> 63n;
    fraction <<= 1n;
    if (mantissa >> 64n) {
      fraction |= 1n;
      mantissa >>= 1n;
    }
  }
  return (64n << 32n) - ((BigInt(integer) << 32n) | fraction);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
