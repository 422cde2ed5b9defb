/** The BLS12-381 precompiles (0x0b to 0x11, EIP-2537): prices, lengths, zeros before coordinates, in the order in which they are checked. */

import type { Bytes } from "@noema/core/ports/bytes";
import { add, type Bls12381, bls12381, mapToG1, mapToG2, multiScalar, PAD, pairing } from "./bls12-381.ts";
import { G1_DISCOUNTS, G2_DISCOUNTS } from "./msm-discounts.ts";
import { type Computed, fails, type Native, type NativeInput, type NativeOutcome, outcome } from "./outcome.ts";

const ELEMENT = 64;
const G1_ADD_GAS = 375n;
const G2_ADD_GAS = 600n;
const G1_MULTIPLY_GAS = 12_000;
const G2_MULTIPLY_GAS = 22_500;
const PAIRING_GAS = 37_700n;
const PAIR_GAS = 32_600n;
const MAP_G1_GAS = 5_500n;
const MAP_G2_GAS = 23_800n;

const LENGTH = "BLS_12_381_INVALID_INPUT_LENGTH";
type Compute = (curve: Bls12381, data: Bytes) => Computed;

/** One price, one length. */
function fixed(gas: bigint, length: number, compute: Compute): Native {
  return (input) => {
    if (input.gasLimit < gas) return fails(input.gasLimit, "OUT_OF_GAS");
    if (input.data.length !== length) return fails(input.gasLimit, LENGTH);
    return run(gas, input, length, 0, compute);
  };
}

/** Pairs of a point of `point` bytes and a scalar of 32. */
function sum(which: "one" | "two", point: number, single: number, discounts: readonly number[]): Native {
  return (input) => {
    const { data, gasLimit } = input;
    const pairs = Math.floor(data.length / (point + 32));
    if (data.length === 0) return fails(gasLimit, "BLS_12_381_INPUT_EMPTY");
    const discount = discounts[Math.min(pairs, discounts.length) - 1] ?? 0;
    const gas = (BigInt(pairs) * BigInt(single * discount)) / 1000n;
    if (gasLimit < gas) return fails(gasLimit, "OUT_OF_GAS");
    if (data.length % (point + 32) !== 0) return fails(gasLimit, LENGTH);
    return run(gas, input, point, 32, (curve, bytes) => multiScalar(curve, curve[which], bytes));
  };
}

const pairs: Native = (input) => {
  const { data, gasLimit } = input;
  if (data.length === 0) return fails(gasLimit, "BLS_12_381_INPUT_EMPTY");
  if (data.length % (6 * ELEMENT) !== 0) return fails(gasLimit, LENGTH);
  const gas = PAIRING_GAS + PAIR_GAS * BigInt(data.length / (6 * ELEMENT));
  if (gasLimit < gas) return fails(gasLimit, "OUT_OF_GAS");
  return run(gas, input, 6 * ELEMENT, 0, pairing);
};

export const blsG1Add = fixed(G1_ADD_GAS, 4 * ELEMENT, (curve, data) => add(curve, curve.one, data));
export const blsG1MultiScalar = sum("one", 2 * ELEMENT, G1_MULTIPLY_GAS, G1_DISCOUNTS);
export const blsG2Add = fixed(G2_ADD_GAS, 8 * ELEMENT, (curve, data) => add(curve, curve.two, data));
export const blsG2MultiScalar = sum("two", 4 * ELEMENT, G2_MULTIPLY_GAS, G2_DISCOUNTS);
export const blsPairing = pairs;
export const blsMapToG1 = fixed(MAP_G1_GAS, ELEMENT, mapToG1);
export const blsMapToG2 = fixed(MAP_G2_GAS, 2 * ELEMENT, mapToG2);

/** `elements` bytes of coordinates and `rest` bytes of something else, again and again. */
function run(gas: bigint, input: NativeInput, elements: number, rest: number, compute: Compute): NativeOutcome {
  const { data, gasLimit } = input;
  for (let at = 0; at < data.length; at += elements + rest)
    for (let element = at; element < at + elements; element += ELEMENT)
      for (let i = element; i < element + PAD; i++) if (data[i] !== 0) return fails(gasLimit, "BLS_12_381_POINT_NOT_ON_CURVE");
  return outcome(gas, gasLimit, compute(bls12381(), data));
}
