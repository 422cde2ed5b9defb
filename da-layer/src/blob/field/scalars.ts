/** Single scalars of BLS12-381 in BigInt: points and coefficients of the code. Values are canonical, in [0, P). Rows are kernel.ts's. */
export const P = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
const GENERATOR = 7n;

export function mod(a: bigint): bigint {
  const r = a % P;
  return r < 0n ? r + P : r;
}

export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/** Throws on 0. */
export function inverse(a: bigint): bigint {
  const value = mod(a);
  if (value === 0n) throw new RangeError("0 has no inverse");
  return power(value, P - 2n);
}

/** Montgomery's trick: one inversion for all. Throws when one is 0. */
export function inverses(values: readonly bigint[]): bigint[] {
  const prefix: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    prefix.push(product);
    product = (product * value) % P;
  }
  let rest = inverse(product);
  const out = new Array<bigint>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    out[i] = (rest * prefix[i]!) % P;
    rest = (rest * values[i]!) % P;
  }
  return out;
}

/** base^0 .. base^(count-1); 1 at least. */
export function powers(base: bigint, count: number): bigint[] {
  const out = [1n];
  while (out.length < count) out.push((out.at(-1)! * base) % P);
  return out;
}

const roots = new Map<number, bigint>();

/** 7^((p-1)/order): a primitive root of unity; `order` is a power of two up to 2^32. */
export function rootOfUnity(order: number): bigint {
  let root = roots.get(order);
  if (root === undefined) {
    root = power(GENERATOR, (P - 1n) / BigInt(order));
    roots.set(order, root);
  }
  return root;
}
