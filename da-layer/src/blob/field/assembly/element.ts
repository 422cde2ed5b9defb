// An element of the scalar field: 9 signed digits of 29 bits, an i32 each, in 48 bytes, the rest zero. A value is not unique: products are
// within 0.5 p + a b / 70 p and have digits from -2^28 to 2^28 - 1, sums grow. Factors that are known beforehand are in Montgomery form
// (R = 2^261) and within 0.52 p, data is plain, so that a product of both is plain again.
import { E, TEMPORARIES } from "./layout";
import { mul } from "./products";

const MASK: i64 = 0x1fffffff;
const HALF: i64 = 1 << 28;
/** p in 64 bits a word, the least first. */
const P0: u64 = 0xffffffff00000001, P1: u64 = 0x53bda402fffe5bfe, P2: u64 = 0x3339d80809a1d805, P3: u64 = 0x73eda753299d7d48;
/** p in digits from 0 to 2^29 - 1. */
const MODULUS = memory.data<i32>([1, 536870904, 529989567, 457704959, 494949691, 201589968, 354471143, 174404527, 7597479]);
const UPPERMOST: i64 = 7597479;
/** 2^53 / p's uppermost digit. */
const RECIPROCAL: i64 = 1185551005;
/** R^2 mod p. */
const SQUARE = memory.data<i32>([175223744, -47046530, -161228390, -61162348, 62229573, 199455800, 136968049, -161475682, 2620818]);

@inline function swapped(at: usize): v128 {
  const v = v128.load(at);
  return v128.shuffle<u8>(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

@inline function less(w0: u64, w1: u64, w2: u64, w3: u64): bool {
  if (w3 != P3) return w3 < P3;
  if (w2 != P2) return w2 < P2;
  return w1 != P1 ? w1 < P1 : w0 < P0;
}

/** Stores a digit made signed; what is carried. */
@inline function put(o: usize, at: usize, digit: i64): i64 {
  const c = (digit + HALF) >> 29;
  store<i32>(o + at, <i32>(digit - (c << 29)));
  return c;
}

/** 32 bytes, big endian; whether they are canonical. */
export function read(o: usize, from: usize): bool {
  const high = swapped(from), low = swapped(from + 16);
  const w0 = <u64>v128.extract_lane<i64>(low, 0), w1 = <u64>v128.extract_lane<i64>(low, 1);
  const w2 = <u64>v128.extract_lane<i64>(high, 0), w3 = <u64>v128.extract_lane<i64>(high, 1);
  let c = put(o, 0, <i64>w0 & MASK);
  c = put(o, 4, (<i64>(w0 >> 29) & MASK) + c);
  c = put(o, 8, (<i64>(w0 >> 58 | w1 << 6) & MASK) + c);
  c = put(o, 12, (<i64>(w1 >> 23) & MASK) + c);
  c = put(o, 16, (<i64>(w1 >> 52 | w2 << 12) & MASK) + c);
  c = put(o, 20, (<i64>(w2 >> 17) & MASK) + c);
  c = put(o, 24, (<i64>(w2 >> 46 | w3 << 18) & MASK) + c);
  c = put(o, 28, (<i64>(w3 >> 11) & MASK) + c);
  store<i32>(o, <i32>(<i64>(w3 >> 40) + c), 32);
  return less(w0, w1, w2, w3);
}

/** As `read`, in Montgomery form. */
export function readFactor(o: usize, from: usize): bool {
  const canonical = read(o, from);
  mul(o, o, SQUARE);
  return canonical;
}

/** o = a - multiple p in digits from 0 to 2^29 - 1, but the last. */
function subtract(o: usize, a: usize, multiple: i64): void {
  let c: i64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    c += <i64>load<i32>(a + i) - multiple * <i64>load<i32>(MODULUS + i);
    store<i32>(o + i, <i32>(c & MASK));
    c >>= 29;
  }
  store<i32>(o, <i32>(<i64>load<i32>(a, 32) - multiple * UPPERMOST + c), 32);
}

@inline function digit(a: usize, at: usize): u64 {
  return <u64>load<u32>(a + at);
}

/** 32 canonical bytes, big endian, of what is within 250 p. */
export function write(to: usize, a: usize): void {
  const t = TEMPORARIES;
  subtract(t, a, 0); // the uppermost digit is now the value's
  // rounded down, and a little more, so that what remains is from 0 to p and a little more
  subtract(t, t, ((<i64>load<i32>(t, 32) - 4) * RECIPROCAL) >> 53);
  if (<i64>load<i32>(t, 32) >= UPPERMOST) {
    subtract(t + E, t, 1);
    if (load<i32>(t + E, 32) >= 0) memory.copy(t, t + E, E);
  }
  const w0 = digit(t, 0) | digit(t, 4) << 29 | digit(t, 8) << 58;
  const w1 = digit(t, 8) >> 6 | digit(t, 12) << 23 | digit(t, 16) << 52;
  const w2 = digit(t, 16) >> 12 | digit(t, 20) << 17 | digit(t, 24) << 46;
  const w3 = digit(t, 24) >> 18 | digit(t, 28) << 11 | digit(t, 32) << 40;
  v128.store(t, i64x2.replace_lane(i64x2.splat(w2), 1, w3));
  v128.store(t, i64x2.replace_lane(i64x2.splat(w0), 1, w1), 16);
  v128.store(to, swapped(t));
  v128.store(to, swapped(t + 16), 16);
}

@inline export function add(o: usize, a: usize, b: usize): void {
  v128.store(o, i32x4.add(v128.load(a), v128.load(b)));
  v128.store(o, i32x4.add(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(o, i32x4.add(v128.load(a, 32), v128.load(b, 32)), 32);
}

@inline export function sub(o: usize, a: usize, b: usize): void {
  v128.store(o, i32x4.sub(v128.load(a), v128.load(b)));
  v128.store(o, i32x4.sub(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(o, i32x4.sub(v128.load(a, 32), v128.load(b, 32)), 32);
}

/** Of sums up to 2^31: s + 2^28 may be beyond. */
@inline function carry(s: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.shr_s(s, 1), i32x4.splat(1 << 27)), 28);
}

/** The same value in digits within 2^28 + 4. */
@inline export function settle(a: usize): void {
  const s0 = v128.load(a), s1 = v128.load(a, 16), s2 = v128.load(a, 32);
  const c0 = carry(s0), c1 = carry(s1);
  v128.store(a, i32x4.add(i32x4.sub(s0, i32x4.shl(c0, 29)), v128.shuffle<i32>(i32x4.splat(0), c0, 3, 4, 5, 6)));
  v128.store(a, i32x4.add(i32x4.sub(s1, i32x4.shl(c1, 29)), v128.shuffle<i32>(c0, c1, 3, 4, 5, 6)), 16);
  v128.store(a, i32x4.add(s2, v128.shuffle<i32>(c1, i32x4.splat(0), 3, 4, 5, 6)), 32);
}
