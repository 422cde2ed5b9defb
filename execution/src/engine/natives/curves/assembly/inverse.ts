// Inverses mod an odd prime below 2^257, by divsteps (Bernstein and Yang, "Fast constant-time gcd computation and modular inversion",
// 2019), 29 steps on the lowest limbs at once, as libsecp256k1's modinv32 does 30 until nothing is left; its
// page on safegcd explains each step. Numbers are integers in field.ts's limbs.
import { clear, copy } from "./field";
import { E, INVERSE } from "./layout";

const M: i64 = 0x1fffffff;
const STEPS: i32 = 29;
const LAST: usize = 64;
const D: usize = INVERSE;
const F: usize = INVERSE + E;
const G: usize = INVERSE + 2 * E;
const OUT_E: usize = INVERSE + 3 * E;

/** What the steps of one batch do to (f, g), times 2^29. */
let u: i64 = 1;
let v: i64 = 0;
let q: i64 = 0;
let r: i64 = 1;

/** Without branches, which nothing could predict. zeta is -(delta + 1/2), 1/2 at first; both rows of the matrix are u + 2^32 v. */
function divsteps(start: i64, f0: i64, g0: i64): i64 {
  let zeta = start;
  let f = f0;
  let g = g0;
  let fRow: i64 = 1;
  let gRow: i64 = 1 << 32;
  for (let i = 0; i < STEPS; i++) {
    let swap = zeta >> 63;
    const odd = 0 - (g & 1);
    g += ((f ^ swap) - swap) & odd;
    gRow += ((fRow ^ swap) - swap) & odd;
    swap &= odd;
    zeta = (zeta ^ swap) - 1;
    f += g & swap;
    fRow += gRow & swap;
    g >>= 1;
    fRow <<= 1;
  }
  u = (fRow << 32) >> 32;
  v = (fRow - u) >> 32;
  q = (gRow << 32) >> 32;
  r = (gRow - q) >> 32;
  return zeta;
}

function updateFG(last: usize): void {
  let f = u * load<i64>(F) + v * load<i64>(G);
  let g = q * load<i64>(F) + r * load<i64>(G);
  for (let i: usize = 8; i <= last; i += 8) {
    const fi = load<i64>(F + i);
    const gi = load<i64>(G + i);
    f = (f >> 29) + u * fi + v * gi;
    g = (g >> 29) + q * fi + r * gi;
    store<i64>(F + i - 8, f & M);
    store<i64>(G + i - 8, g & M);
  }
  store<i64>(F + last, f >> 29);
  store<i64>(G + last, g >> 29);
}

/** (d, e) likewise, with multiples of the modulus so that 2^29 divides; both stay within (-2m, m). `k`: 1 / m mod 2^29. */
function updateDE(modulus: usize, k: i64): void {
  const signD = load<i64>(D, LAST) >> 63;
  const signE = load<i64>(OUT_E, LAST) >> 63;
  let md = (u & signD) + (v & signE);
  let me = (q & signD) + (r & signE);
  let d = u * load<i64>(D) + v * load<i64>(OUT_E);
  let e = q * load<i64>(D) + r * load<i64>(OUT_E);
  md -= (k * (d & M) + md) & M;
  me -= (k * (e & M) + me) & M;
  d += load<i64>(modulus) * md;
  e += load<i64>(modulus) * me;
  for (let i: usize = 8; i <= LAST; i += 8) {
    const di = load<i64>(D + i);
    const ei = load<i64>(OUT_E + i);
    const m = load<i64>(modulus + i);
    d = (d >> 29) + u * di + v * ei + m * md;
    e = (e >> 29) + q * di + r * ei + m * me;
    store<i64>(D + i - 8, d & M);
    store<i64>(OUT_E + i - 8, e & M);
  }
  store<i64>(D, d >> 29, LAST);
  store<i64>(OUT_E, e >> 29, LAST);
}

function addModulus(modulus: usize, sign: i64): void {
  const factor = load<i64>(D, LAST) < 0 ? 1 : (0 as i64);
  let c: i64 = 0;
  for (let i: usize = 0; i <= LAST; i += 8) {
    c += sign * (load<i64>(D + i) + factor * load<i64>(modulus + i));
    store<i64>(D + i, i < LAST ? c & M : c);
    c >>= 29;
  }
}

/** out = 1 / a mod m, in [0, m). `a` is carried, no multiple of m, within 8 m. */
export function invert(out: usize, a: usize, modulus: usize): void {
  clear(D);
  clear(OUT_E);
  store<i64>(OUT_E, 1);
  copy(F, modulus);
  copy(G, a);
  const m = load<i64>(modulus);
  let k: i64 = m; // right in 3 bits, and in twice as many after each of Newton's steps
  for (let i = 0; i < 4; i++) k *= 2 - m * k;
  k &= M;
  let zeta: i64 = -1;
  let last: usize = LAST;
  while (true) {
    zeta = divsteps(zeta, load<i64>(F), load<i64>(G));
    updateDE(modulus, k);
    updateFG(last);
    let rest: i64 = 0;
    for (let i: usize = 0; i <= last; i += 8) rest |= load<i64>(G + i);
    if (rest == 0) break;
    const f = load<i64>(F + last);
    const g = load<i64>(G + last);
    if (last > 0 && (f == 0 || f == -1) && (g == 0 || g == -1)) {
      last -= 8;
      store<i64>(F + last, load<i64>(F + last) + (f << 29));
      store<i64>(G + last, load<i64>(G + last) + (g << 29));
    }
  }
  addModulus(modulus, load<i64>(F + last) < 0 ? -1 : 1);
  addModulus(modulus, 1);
  copy(out, D);
}
