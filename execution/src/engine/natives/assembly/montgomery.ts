// base^exponent mod an odd modulus of at most 512 bits, by Montgomery multiplication (CIOS, limbs of 32 bits) in windows of four bits.
import { BASE, EXPONENT, MODULUS, PRODUCT, SQUARE, TABLE } from "./layout";

const ENTRY: usize = 64;
let limbs: usize = 0;
let inverse: u32 = 0;
let inverse64: u64 = 0;

/** -m^-1 mod 2^64 by Newton's iteration; five steps from 5 bits. */
function negatedInverse(m: u64): u64 {
  let x: u64 = (m * 3) ^ 2;
  for (let i = 0; i < 4; i++) x *= 2 - m * x;
  return 0 - x;
}

/** out = a b / R mod m. `out` may be an operand. */
function multiply(out: usize, a: usize, b: usize): void {
  const n = limbs;
  const bytes = n << 2;
  memory.fill(PRODUCT, 0, bytes + 4);
  for (let i: usize = 0; i < bytes; i += 4) {
    const factor = load<u32>(b + i) as u64;
    let sum = (load<u32>(PRODUCT) as u64) + (load<u32>(a) as u64) * factor;
    const q = ((sum as u32) * inverse) as u64;
    let carry = sum >> 32;
    let reduced = (sum & 0xffffffff) + q * (load<u32>(MODULUS) as u64);
    let borrow = reduced >> 32;
    for (let j: usize = 4; j < bytes; j += 4) {
      sum = (load<u32>(PRODUCT + j) as u64) + (load<u32>(a + j) as u64) * factor + carry;
      carry = sum >> 32;
      reduced = (sum & 0xffffffff) + q * (load<u32>(MODULUS + j) as u64) + borrow;
      borrow = reduced >> 32;
      store<u32>(PRODUCT + j - 4, reduced as u32);
    }
    sum = (load<u32>(PRODUCT + bytes) as u64) + carry + borrow;
    store<u32>(PRODUCT + bytes - 4, sum as u32);
    store<u32>(PRODUCT + bytes, (sum >> 32) as u32);
  }
  let less: bool = false;
  if (load<u32>(PRODUCT + bytes) == 0) {
    for (let j: usize = bytes; j > 0; ) {
      j -= 4;
      const left = load<u32>(PRODUCT + j);
      const right = load<u32>(MODULUS + j);
      if (left != right) {
        less = left < right;
        break;
      }
    }
  }
  if (less) {
    memory.copy(out, PRODUCT, bytes);
    return;
  }
  let borrowed: i64 = 0;
  for (let j: usize = 0; j < bytes; j += 4) {
    const difference = (load<u32>(PRODUCT + j) as i64) - (load<u32>(MODULUS + j) as i64) + borrowed;
    store<u32>(out + j, difference as u32);
    borrowed = difference >> 32;
  }
}

// @ts-ignore: decorator
@inline
function high(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const low = a0 * b0;
  const middle = a1 * b0 + (low >> 32);
  const other = a0 * b1 + (middle & 0xffffffff);
  return a1 * b1 + (middle >> 32) + (other >> 32);
}

// @ts-ignore: decorator
@inline
function multiply64(a: u64, b: u64, m: u64, inverse: u64): u64 {
  const low = a * b;
  // low + q m is 0 mod 2^64, with a carry unless low is 0.
  const reduced = high(low * inverse, m);
  const sum = high(a, b);
  const carried = sum + (low != 0 ? 1 : 0);
  const total = carried + reduced;
  return total < carried || total >= m ? total - m : total;
}

/** MODULUS, BASE (below it) and SQUARE are set; `count` limbs, two at least. The accumulator is 1 afterwards. */
export function begin(count: u32): void {
  limbs = count as usize;
  inverse64 = negatedInverse(load<u64>(MODULUS));
  inverse = inverse64 as u32;
  const bytes = limbs << 2;
  memory.fill(TABLE, 0, ENTRY);
  store<u32>(TABLE, 1);
  multiply(TABLE, TABLE, SQUARE);
  multiply(TABLE + ENTRY, BASE, SQUARE);
  for (let i: usize = 2; i < 16; i++) multiply(TABLE + i * ENTRY, TABLE + (i - 1) * ENTRY, TABLE + ENTRY);
  memory.copy(BASE, TABLE, bytes);
}

/** Raises the accumulator by the next `length` bytes of the exponent. */
export function raise(length: u32): void {
  if (limbs == 2) return raise64(length);
  for (let i: usize = 0; i < (length as usize); i++) {
    const byte = load<u8>(EXPONENT + i) as usize;
    window(byte >> 4);
    window(byte & 15);
  }
}

function window(nibble: usize): void {
  multiply(BASE, BASE, BASE);
  multiply(BASE, BASE, BASE);
  multiply(BASE, BASE, BASE);
  multiply(BASE, BASE, BASE);
  if (nibble != 0) multiply(BASE, BASE, TABLE + nibble * ENTRY);
}

function raise64(length: u32): void {
  const m = load<u64>(MODULUS);
  const k = inverse64;
  let x = load<u64>(BASE);
  for (let i: usize = 0; i < (length as usize); i++) {
    const byte = load<u8>(EXPONENT + i) as usize;
    x = multiply64(x, x, m, k);
    x = multiply64(x, x, m, k);
    x = multiply64(x, x, m, k);
    x = multiply64(x, x, m, k);
    if (byte > 15) x = multiply64(x, load<u64>(TABLE + (byte >> 4) * ENTRY), m, k);
    x = multiply64(x, x, m, k);
    x = multiply64(x, x, m, k);
    x = multiply64(x, x, m, k);
    x = multiply64(x, x, m, k);
    if ((byte & 15) != 0) x = multiply64(x, load<u64>(TABLE + (byte & 15) * ENTRY), m, k);
  }
  store<u64>(BASE, x);
}

/** The accumulator out of Montgomery form, in BASE. */
export function finish(): void {
  memory.fill(TABLE, 0, ENTRY);
  store<u32>(TABLE, 1);
  multiply(BASE, BASE, TABLE);
}
