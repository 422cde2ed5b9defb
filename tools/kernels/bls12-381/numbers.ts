/** BLS12-381's fields on BigInt, for the constants of the kernels, and their digits. */
export const P = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
export const DIGITS = 13;
export const BITS = 30n;
const BASE = 1n << BITS;
/** Montgomery's R. */
export const R = 1n << (BITS * BigInt(DIGITS));

export type Fp2 = readonly [bigint, bigint];

export const modulo = (x: bigint) => ((x % P) + P) % P;

export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = modulo(base), e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
  return result;
}

export const inverse = (a: bigint) => power(a, P - 2n);

export const multiply2 = ([a, b]: Fp2, [c, d]: Fp2): Fp2 => [modulo(a * c - b * d), modulo(a * d + b * c)];

export function power2(base: Fp2, exponent: bigint): Fp2 {
  let result: Fp2 = [1n, 0n];
  for (let b = base, e = exponent; e > 0n; e >>= 1n, b = multiply2(b, b)) if (e & 1n) result = multiply2(result, b);
  return result;
}

export function inverse2([a, b]: Fp2): Fp2 {
  const n = inverse(a * a + b * b);
  return [modulo(a * n), modulo(-b * n)];
}

/** Of a square. */
export function root(a: bigint): bigint {
  const r = power(a, (P + 1n) / 4n);
  if ((r * r) % P !== modulo(a)) throw new Error("not a square");
  return r;
}

/** From 0 to 2^30 - 1. */
export const unsignedDigits = (x: bigint): number[] =>
  Array.from({ length: DIGITS }, (_, i) => Number((x >> (BITS * BigInt(i))) & (BASE - 1n)));

/** From -2^29 to 2^29 - 1, but the last. */
export function signedDigits(x: bigint): number[] {
  const digits = [];
  for (let rest = x; digits.length < DIGITS; ) {
    const low: bigint = digits.length === DIGITS - 1 ? rest : BigInt.asIntN(Number(BITS), rest);
    digits.push(Number(low));
    rest = (rest - low) >> BITS;
  }
  return digits;
}
