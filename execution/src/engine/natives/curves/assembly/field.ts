// Numbers mod the primes of BN254 and P-256 in Montgomery form, R = 2^261: nine limbs of 29 bits in 64, so that carries wait until a
// column is complete. A product's limbs are in [0, 2^29), the last one signed; its value is in (-p, 2p) where |a b| < 32 p^2.
//
// What may be multiplied: limbs within (-2^29, 2^29) (a product, a difference of two), and one of the two factors within twice that
// (a sum of two): 8 * 2 * 2^58 and as much again for q p stay below 2^63. Whatever is more is carried first.
import { lowestQuotient, multiplyBn254, squareBn254 } from "./bn254";
import { E, ONE, PRIME, R2, T, UNIT } from "./layout";
import { multiplyPrime256, squarePrime256 } from "./prime256";

const M: i64 = 0x1fffffff;
const LIMBS: usize = 72;
const SCRATCH: usize = T + 12 * E;

/** Constants of the curve that is computed on. */
export let curve: usize = 0;
export let isP256: bool = false;

export function select(constants: usize, p256: bool): void {
  curve = constants;
  isP256 = p256;
}

/** out = a b / R. As everywhere here, `out` may be an operand. */
export function multiply(out: usize, a: usize, b: usize): void {
  if (isP256) multiplyPrime256(out, a, b);
  else multiplyBn254(out, a, b);
}

export function square(out: usize, a: usize): void {
  if (isP256) squarePrime256(out, a);
  else squareBn254(out, a);
}

// Without loops: the engine unrolls none, and a loop costs as much as what it does here;
// the instructions for whole ranges (memory.copy, memory.fill) leave the module and cost more than that.

export function copy(out: usize, a: usize): void {
  store<i64>(out, load<i64>(a));
  store<i64>(out, load<i64>(a, 8), 8);
  store<i64>(out, load<i64>(a, 16), 16);
  store<i64>(out, load<i64>(a, 24), 24);
  store<i64>(out, load<i64>(a, 32), 32);
  store<i64>(out, load<i64>(a, 40), 40);
  store<i64>(out, load<i64>(a, 48), 48);
  store<i64>(out, load<i64>(a, 56), 56);
  store<i64>(out, load<i64>(a, 64), 64);
}

export function clear(out: usize): void {
  store<i64>(out, 0);
  store<i64>(out, 0, 8);
  store<i64>(out, 0, 16);
  store<i64>(out, 0, 24);
  store<i64>(out, 0, 32);
  store<i64>(out, 0, 40);
  store<i64>(out, 0, 48);
  store<i64>(out, 0, 56);
  store<i64>(out, 0, 64);
}

/** Not carried. */
export function add(out: usize, a: usize, b: usize): void {
  store<i64>(out, load<i64>(a) + load<i64>(b));
  store<i64>(out, load<i64>(a, 8) + load<i64>(b, 8), 8);
  store<i64>(out, load<i64>(a, 16) + load<i64>(b, 16), 16);
  store<i64>(out, load<i64>(a, 24) + load<i64>(b, 24), 24);
  store<i64>(out, load<i64>(a, 32) + load<i64>(b, 32), 32);
  store<i64>(out, load<i64>(a, 40) + load<i64>(b, 40), 40);
  store<i64>(out, load<i64>(a, 48) + load<i64>(b, 48), 48);
  store<i64>(out, load<i64>(a, 56) + load<i64>(b, 56), 56);
  store<i64>(out, load<i64>(a, 64) + load<i64>(b, 64), 64);
}

/** Not carried. */
export function subtract(out: usize, a: usize, b: usize): void {
  store<i64>(out, load<i64>(a) - load<i64>(b));
  store<i64>(out, load<i64>(a, 8) - load<i64>(b, 8), 8);
  store<i64>(out, load<i64>(a, 16) - load<i64>(b, 16), 16);
  store<i64>(out, load<i64>(a, 24) - load<i64>(b, 24), 24);
  store<i64>(out, load<i64>(a, 32) - load<i64>(b, 32), 32);
  store<i64>(out, load<i64>(a, 40) - load<i64>(b, 40), 40);
  store<i64>(out, load<i64>(a, 48) - load<i64>(b, 48), 48);
  store<i64>(out, load<i64>(a, 56) - load<i64>(b, 56), 56);
  store<i64>(out, load<i64>(a, 64) - load<i64>(b, 64), 64);
}

/** All limbs but the last to [0, 2^29). */
export function carry(out: usize): void {
  let c = load<i64>(out);
  store<i64>(out, c & M);
  c = (c >> 29) + load<i64>(out, 8);
  store<i64>(out, c & M, 8);
  c = (c >> 29) + load<i64>(out, 16);
  store<i64>(out, c & M, 16);
  c = (c >> 29) + load<i64>(out, 24);
  store<i64>(out, c & M, 24);
  c = (c >> 29) + load<i64>(out, 32);
  store<i64>(out, c & M, 32);
  c = (c >> 29) + load<i64>(out, 40);
  store<i64>(out, c & M, 40);
  c = (c >> 29) + load<i64>(out, 48);
  store<i64>(out, c & M, 48);
  c = (c >> 29) + load<i64>(out, 56);
  store<i64>(out, c & M, 56);
  c = (c >> 29) + load<i64>(out, 64);
  store<i64>(out, c, 64);
}

/** out = a - b, carried. */
export function difference(out: usize, a: usize, b: usize): void {
  let c = load<i64>(a) - load<i64>(b);
  store<i64>(out, c & M);
  c = (c >> 29) + load<i64>(a, 8) - load<i64>(b, 8);
  store<i64>(out, c & M, 8);
  c = (c >> 29) + load<i64>(a, 16) - load<i64>(b, 16);
  store<i64>(out, c & M, 16);
  c = (c >> 29) + load<i64>(a, 24) - load<i64>(b, 24);
  store<i64>(out, c & M, 24);
  c = (c >> 29) + load<i64>(a, 32) - load<i64>(b, 32);
  store<i64>(out, c & M, 32);
  c = (c >> 29) + load<i64>(a, 40) - load<i64>(b, 40);
  store<i64>(out, c & M, 40);
  c = (c >> 29) + load<i64>(a, 48) - load<i64>(b, 48);
  store<i64>(out, c & M, 48);
  c = (c >> 29) + load<i64>(a, 56) - load<i64>(b, 56);
  store<i64>(out, c & M, 56);
  c = (c >> 29) + load<i64>(a, 64) - load<i64>(b, 64);
  store<i64>(out, c, 64);
}

/** out = a - 2 b, carried. */
export function lessTwice(out: usize, a: usize, b: usize): void {
  let c = load<i64>(a) - 2 * load<i64>(b);
  store<i64>(out, c & M);
  c = (c >> 29) + load<i64>(a, 8) - 2 * load<i64>(b, 8);
  store<i64>(out, c & M, 8);
  c = (c >> 29) + load<i64>(a, 16) - 2 * load<i64>(b, 16);
  store<i64>(out, c & M, 16);
  c = (c >> 29) + load<i64>(a, 24) - 2 * load<i64>(b, 24);
  store<i64>(out, c & M, 24);
  c = (c >> 29) + load<i64>(a, 32) - 2 * load<i64>(b, 32);
  store<i64>(out, c & M, 32);
  c = (c >> 29) + load<i64>(a, 40) - 2 * load<i64>(b, 40);
  store<i64>(out, c & M, 40);
  c = (c >> 29) + load<i64>(a, 48) - 2 * load<i64>(b, 48);
  store<i64>(out, c & M, 48);
  c = (c >> 29) + load<i64>(a, 56) - 2 * load<i64>(b, 56);
  store<i64>(out, c & M, 56);
  c = (c >> 29) + load<i64>(a, 64) - 2 * load<i64>(b, 64);
  store<i64>(out, c, 64);
}

/** out = 3 a / 2, carried. `a` is a product. */
export function threeHalves(out: usize, a: usize): void {
  const odd = 0 - (load<i64>(a) & 1);
  const p = curve;
  let c = 3 * load<i64>(a) + (load<i64>(p) & odd);
  let limb = c & M;
  let next: i64;
  c = (c >> 29) + 3 * load<i64>(a, 8) + (load<i64>(p, 8) & odd);
  next = c & M;
  store<i64>(out, (limb >> 1) | ((next & 1) << 28));
  limb = next;
  c = (c >> 29) + 3 * load<i64>(a, 16) + (load<i64>(p, 16) & odd);
  next = c & M;
  store<i64>(out, (limb >> 1) | ((next & 1) << 28), 8);
  limb = next;
  c = (c >> 29) + 3 * load<i64>(a, 24) + (load<i64>(p, 24) & odd);
  next = c & M;
  store<i64>(out, (limb >> 1) | ((next & 1) << 28), 16);
  limb = next;
  c = (c >> 29) + 3 * load<i64>(a, 32) + (load<i64>(p, 32) & odd);
  next = c & M;
  store<i64>(out, (limb >> 1) | ((next & 1) << 28), 24);
  limb = next;
  c = (c >> 29) + 3 * load<i64>(a, 40) + (load<i64>(p, 40) & odd);
  next = c & M;
  store<i64>(out, (limb >> 1) | ((next & 1) << 28), 32);
  limb = next;
  c = (c >> 29) + 3 * load<i64>(a, 48) + (load<i64>(p, 48) & odd);
  next = c & M;
  store<i64>(out, (limb >> 1) | ((next & 1) << 28), 40);
  limb = next;
  c = (c >> 29) + 3 * load<i64>(a, 56) + (load<i64>(p, 56) & odd);
  next = c & M;
  store<i64>(out, (limb >> 1) | ((next & 1) << 28), 48);
  limb = next;
  c = (c >> 29) + 3 * load<i64>(a, 64) + (load<i64>(p, 64) & odd);
  next = c;
  store<i64>(out, (limb >> 1) | ((next & 1) << 28), 56);
  limb = next;
  store<i64>(out, limb >> 1, 64);
}

/** Of a carried number within 16 p. */
export function isZero(a: usize): bool {
  // Of a multiple of p the lowest limb says which one; none but the small ones need a closer look.
  const k = isP256 ? load<i64>(a) : lowestQuotient(load<i64>(a));
  if (((k + 16) & M) > 32) return false;
  toInteger(SCRATCH, a);
  for (let i: usize = 0; i < LIMBS; i += 8) if (load<i64>(SCRATCH + i) != 0) return false;
  return true;
}

/** Out of Montgomery form, in [0, p). */
export function toInteger(out: usize, a: usize): void {
  multiply(out, a, UNIT);
  for (let i: usize = 0; i < LIMBS; i += 8) if (load<i64>(out + i) != load<i64>(curve + PRIME + i)) return;
  clear(out);
}

/** 32 big-endian bytes to limbs. */
export function readInteger(out: usize, bytes: usize): void {
  const w3 = bswap<u64>(load<u64>(bytes));
  const w2 = bswap<u64>(load<u64>(bytes, 8));
  const w1 = bswap<u64>(load<u64>(bytes, 16));
  const w0 = bswap<u64>(load<u64>(bytes, 24));
  store<u64>(out, w0 & M);
  store<u64>(out, (w0 >> 29) & M, 8);
  store<u64>(out, ((w0 >> 58) | (w1 << 6)) & M, 16);
  store<u64>(out, (w1 >> 23) & M, 24);
  store<u64>(out, ((w1 >> 52) | (w2 << 12)) & M, 32);
  store<u64>(out, (w2 >> 17) & M, 40);
  store<u64>(out, ((w2 >> 46) | (w3 << 18)) & M, 48);
  store<u64>(out, (w3 >> 11) & M, 56);
  store<u64>(out, w3 >> 40, 64);
}

/** Limbs of a number in [0, 2^256) to 32 big-endian bytes. */
export function writeInteger(bytes: usize, a: usize): void {
  const l2 = load<u64>(a, 16);
  const l4 = load<u64>(a, 32);
  const l6 = load<u64>(a, 48);
  store<u64>(bytes, bswap<u64>((l6 >> 18) | (load<u64>(a, 56) << 11) | (load<u64>(a, 64) << 40)));
  store<u64>(bytes, bswap<u64>((l4 >> 12) | (load<u64>(a, 40) << 17) | (l6 << 46)), 8);
  store<u64>(bytes, bswap<u64>((l2 >> 6) | (load<u64>(a, 24) << 23) | (l4 << 52)), 16);
  store<u64>(bytes, bswap<u64>(load<u64>(a) | (load<u64>(a, 8) << 29) | (l2 << 58)), 24);
}

/** 32 big-endian bytes to Montgomery form; false where they are not below p. */
export function read(out: usize, bytes: usize): bool {
  readInteger(out, bytes);
  let c: i64 = 0;
  for (let i: usize = 0; i < LIMBS; i += 8) c = (load<i64>(out + i) - load<i64>(curve + PRIME + i) + c) >> 29;
  if (c >= 0) return false;
  multiply(out, out, curve + R2);
  return true;
}

export function write(bytes: usize, a: usize): void {
  toInteger(SCRATCH, a);
  writeInteger(bytes, SCRATCH);
}

export function setOne(out: usize): void {
  copy(out, curve + ONE);
}
