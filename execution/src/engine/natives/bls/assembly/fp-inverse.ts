// a^-1 by Bernstein and Yang's division steps (https://eprint.iacr.org/2019/266), 30 at a time on the lowest digits and then at once
// on all; variants, ranges and digits as in libsecp256k1's modinv32 (in variable time: nothing here is secret). 0 becomes 0.
import { DIGITS_OF_P, INVERSE_30, SQUARE_OF_R } from "./constants";
import { FP, fpPlain } from "./fp";
import { fpMul } from "./products";
import { give, take } from "./temporaries";

const DIGITS: i32 = 13;
const MASK: i32 = 0x3fffffff;
let u: i32 = 0;
let v: i32 = 0;
let q: i32 = 0;
let r: i32 = 0;

/** Thirty division steps: the matrix (u, v; q, r) of them, times 2^30, and the new eta. */
function divide(eta: i32, f0: i32, g0: i32): i32 {
  let f = f0, g = g0, i: i32 = 30, swap: i32;
  let a: i32 = 1, b: i32 = 0, c: i32 = 0, d: i32 = 1;
  for (;;) {
    const zeros = ctz(g | (-1 << i));
    g = <i32>(<u32>g >> zeros);
    a <<= zeros;
    b <<= zeros;
    eta -= zeros;
    i -= zeros;
    if (i == 0) break;
    let w: i32;
    if (eta < 0) {
      eta = -eta;
      swap = f, f = g, g = -swap;
      swap = a, a = c, c = -swap;
      swap = b, b = d, d = -swap;
      const limit = min(eta + 1, i);
      w = (f * g * (f * f - 2)) & <i32>(<u32>-1 >> (32 - limit)) & 63;
    } else {
      const limit = min(eta + 1, i);
      w = f + (((f + 1) & 4) << 1);
      w = (-w * g) & <i32>(<u32>-1 >> (32 - limit)) & 15;
    }
    g += f * w;
    c += a * w;
    d += b * w;
  }
  u = a, v = b, q = c, r = d;
  return eta;
}

/** (d, e) times the matrix over 2^30 modulo p; both stay from -2p to p. */
function updateFactors(d: usize, e: usize): void {
  const sd = load<i32>(d, 48) >> 31, se = load<i32>(e, 48) >> 31;
  let md = (u & sd) + (v & se), me = (q & sd) + (r & se);
  let di: i64 = load<i32>(d), ei: i64 = load<i32>(e);
  let cd = <i64>u * di + <i64>v * ei, ce = <i64>q * di + <i64>r * ei;
  md -= (INVERSE_30 * <i32>cd + md) & MASK;
  me -= (INVERSE_30 * <i32>ce + me) & MASK;
  cd = (cd + <i64>load<i32>(DIGITS_OF_P) * md) >> 30;
  ce = (ce + <i64>load<i32>(DIGITS_OF_P) * me) >> 30;
  for (let i: usize = 4; i < 52; i += 4) {
    di = load<i32>(d + i), ei = load<i32>(e + i);
    const p: i64 = load<i32>(DIGITS_OF_P + i);
    cd += <i64>u * di + <i64>v * ei + p * md;
    ce += <i64>q * di + <i64>r * ei + p * me;
    store<i32>(d + i - 4, <i32>cd & MASK);
    store<i32>(e + i - 4, <i32>ce & MASK);
    cd >>= 30;
    ce >>= 30;
  }
  store<i32>(d, <i32>cd, 48);
  store<i32>(e, <i32>ce, 48);
}

function update(f: usize, g: usize, length: i32): void {
  let fi: i64 = load<i32>(f), gi: i64 = load<i32>(g);
  let cf = (<i64>u * fi + <i64>v * gi) >> 30, cg = (<i64>q * fi + <i64>r * gi) >> 30;
  const end = <usize>length << 2;
  for (let i: usize = 4; i < end; i += 4) {
    fi = load<i32>(f + i), gi = load<i32>(g + i);
    cf += <i64>u * fi + <i64>v * gi;
    cg += <i64>q * fi + <i64>r * gi;
    store<i32>(f + i - 4, <i32>cf & MASK);
    store<i32>(g + i - 4, <i32>cg & MASK);
    cf >>= 30;
    cg >>= 30;
  }
  store<i32>(f + end - 4, <i32>cf);
  store<i32>(g + end - 4, <i32>cg);
}

export function fpInverse(o: usize, a: usize): void {
  const f = take(4 * FP), g = f + FP, d = f + 2 * FP, e = f + 3 * FP;
  memory.copy(f, DIGITS_OF_P, FP);
  fpPlain(g, a);
  memory.fill(d, 0, 2 * FP);
  store<i32>(e, 1);
  let length = DIGITS, eta: i32 = -1;
  for (;;) {
    eta = divide(eta, load<i32>(f), load<i32>(g));
    updateFactors(d, e);
    update(f, g, length);
    let some = 0;
    for (let i: i32 = 0; i < length; i++) some |= load<i32>(g + (<usize>i << 2));
    if (some == 0) break;
    const last = <usize>(length - 1) << 2;
    const fn = load<i32>(f + last), gn = load<i32>(g + last);
    if (length > 1 && (fn ^ (fn >> 31)) == 0 && (gn ^ (gn >> 31)) == 0) {
      store<i32>(f + last - 4, load<i32>(f + last - 4) | (fn << 30));
      store<i32>(g + last - 4, load<i32>(g + last - 4) | (gn << 30));
      length--;
    }
  }
  const negative = load<i32>(f + (<usize>(length - 1) << 2)) < 0;
  let c: i32 = 0;
  for (let i: usize = 0; i < 52; i += 4) {
    const digit = load<i32>(d + i);
    c += negative ? -digit : digit;
    const next = i == 48 ? 0 : (c + (1 << 29)) >> 30;
    store<i32>(d + i, c - (next << 30));
    c = next;
  }
  fpMul(o, d, SQUARE_OF_R);
  give(f);
}
