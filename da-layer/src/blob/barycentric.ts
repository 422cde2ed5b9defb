/** Evaluation of a row, given by its values at the bit-reversed 4,096th roots of unity (EIP-4844), at a point outside the domain. */
import { ROW_ELEMENTS } from "./elements.ts";
import { inverse, inverses, mod, P, power, rootOfUnity } from "./field.ts";

let domain: bigint[] | undefined;

function rowDomain(): bigint[] {
  if (domain !== undefined) return domain;
  const bits = Math.log2(ROW_ELEMENTS);
  const root = rootOfUnity(ROW_ELEMENTS);
  const out = new Array<bigint>(ROW_ELEMENTS);
  let x = 1n;
  for (let i = 0; i < ROW_ELEMENTS; i++) {
    out[reverseBits(i, bits)] = x;
    x = (x * root) % P;
  }
  domain = out;
  return out;
}

function reverseBits(value: number, bits: number): number {
  let out = 0;
  for (let i = 0; i < bits; i++) out |= ((value >> i) & 1) << (bits - 1 - i);
  return out;
}

/** b_e with row(z) = sum b_e row_e: b_e = (z^4096 - 1) / 4096 * x_e / (z - x_e). undefined when z lies in the domain (2^-243). */
export function weightsAt(z: bigint): bigint[] | undefined {
  const vanishing = mod(power(z, BigInt(ROW_ELEMENTS)) - 1n);
  if (vanishing === 0n) return undefined;
  const scale = (vanishing * inverse(BigInt(ROW_ELEMENTS))) % P;
  const points = rowDomain();
  return inverses(points.map((x) => mod(z - x))).map((d, e) => (((scale * points[e]!) % P) * d) % P);
}

export function evaluate(weights: readonly bigint[], row: readonly bigint[]): bigint {
  let sum = 0n;
  for (let e = 0; e < row.length; e++) sum += weights[e]! * row[e]!;
  return sum % P;
}
