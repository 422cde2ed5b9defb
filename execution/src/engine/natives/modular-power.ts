/**
 * base^exponent mod modulus, big-endian, as many bytes as the modulus has; 0 where the modulus is 0. The modulus is split into
 * 2^s and an odd part: Montgomery multiplication in WASM for an odd part of at most 320 bits, BigInt above, where its 64-bit digits
 * win, and for exponents too short to pay for a table.
 */
import { bigIntToBytes, bytesToBigInt } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { AT, arithmetic, EXPONENT_BYTES } from "./arithmetic.ts";

const WASM_BITS = 320;
const SHORT_BYTES = 4;

export function power(base: Bytes, exponent: Bytes, modulus: Bytes): Bytes {
  const m = bytesToBigInt(modulus);
  if (m === 0n || m === 1n) return new Uint8Array(modulus.length);
  const e = withoutLeadingZeros(exponent);
  const b = bytesToBigInt(base) % m;
  return bigIntToBytes((m & 1n) === 1n ? oddPower(b, e, m) : evenPower(b, e, m), modulus.length);
}

/** By the Chinese remainder theorem. */
function evenPower(base: bigint, exponent: Bytes, modulus: bigint): bigint {
  const twos = trailingZeros(modulus);
  const odd = modulus >> BigInt(twos);
  const low = powerOfTwo(base, exponent, twos);
  if (odd === 1n) return low;
  const high = oddPower(base % odd, exponent, odd);
  return high + odd * BigInt.asUintN(twos, (low - high) * inverseOfTwo(odd, twos));
}

/** mod 2^bits. Units have an order that divides 2^(bits - 1), an even base is 0 from the power `bits` on: few steps remain. */
function powerOfTwo(base: bigint, exponent: Bytes, bits: number): bigint {
  const odd = (base & 1n) === 1n;
  if (!odd && (exponent.length > SHORT_BYTES || bytesToBigInt(exponent) >= BigInt(bits))) return 0n;
  const tail = odd ? exponent.subarray(Math.max(0, exponent.length - Math.ceil(bits / 8))) : exponent;
  const product = (a: bigint, b: bigint) => BigInt.asUintN(bits, a * b);
  return bigIntPower(BigInt.asUintN(bits, base), tail, product);
}

/** odd^-1 mod 2^bits, by Newton's iteration: an odd number is its own inverse mod 8. */
function inverseOfTwo(odd: bigint, bits: number): bigint {
  let inverse = odd;
  for (let right = 3; right < bits; right *= 2) {
    const width = Math.min(2 * right, bits);
    inverse = BigInt.asUintN(width, inverse * (2n - BigInt.asUintN(width, odd) * inverse));
  }
  return BigInt.asUintN(bits, inverse);
}

/** An odd modulus above 1. */
function oddPower(base: bigint, exponent: Bytes, modulus: bigint): bigint {
  const limbs = Math.max(2, Math.ceil(modulus.toString(16).length / 8));
  if (exponent.length <= SHORT_BYTES || limbs * 32 > WASM_BITS) return bigIntPower(base, exponent, (a, b) => (a * b) % modulus);
  const wasm = arithmetic();
  writeLimbs(wasm.memory, AT.modulus, modulus, limbs);
  writeLimbs(wasm.memory, AT.base, base, limbs);
  writeLimbs(wasm.memory, AT.square, (1n << BigInt(64 * limbs)) % modulus, limbs);
  wasm.begin(limbs);
  for (let at = 0; at < exponent.length; at += EXPONENT_BYTES) {
    const piece = exponent.subarray(at, at + EXPONENT_BYTES);
    wasm.memory.set(piece, AT.exponent);
    wasm.raise(piece.length);
  }
  wasm.finish();
  return bytesToBigInt(wasm.memory.slice(AT.base, AT.base + 4 * limbs).reverse());
}

function writeLimbs(memory: Uint8Array, at: number, value: bigint, limbs: number): void {
  memory.set(bigIntToBytes(value, 4 * limbs).reverse(), at);
}

/** Square and multiply, in windows of four bits where the exponent is long. `product` reduces; 1 and `base` are reduced. */
function bigIntPower(base: bigint, exponent: Bytes, product: (a: bigint, b: bigint) => bigint): bigint {
  const width = exponent.length <= SHORT_BYTES ? 1 : 4;
  const table = [1n, base];
  for (let i = 2; i < 1 << width; i++) table.push(product(table[i - 1] as bigint, base));
  let result: bigint | undefined;
  for (const byte of exponent) {
    for (let shift = 8 - width; shift >= 0; shift -= width) {
      if (result !== undefined) for (let i = 0; i < width; i++) result = product(result, result);
      const digit = (byte >> shift) & ((1 << width) - 1);
      if (digit !== 0) result = result === undefined ? table[digit] : product(result, table[digit] as bigint);
    }
  }
  return result ?? 1n;
}

function withoutLeadingZeros(bytes: Bytes): Bytes {
  let at = 0;
  while (at < bytes.length && bytes[at] === 0) at++;
  return bytes.subarray(at);
}

/** Of n > 0. */
function trailingZeros(n: bigint): number {
  return (n & -n).toString(2).length - 1;
}
