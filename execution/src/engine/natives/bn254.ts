/** The alt_bn128 precompiles (0x06 to 0x08; EIP-196, EIP-197) at the prices of EIP-1108: own WebAssembly in G1, mcl's pairings. */

import { bigIntToBytes, bytesToBigInt } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { subgroupTest } from "./bn254-subgroup.ts";
import { AT, BN254, curves } from "./curves/curves.ts";
import { SPLIT_BITS, split } from "./curves/scalars.ts";
import { bn254Curve, lazy, type Mcl } from "./mcl.ts";
import { type Computed, fails, type Native, type NativeInput, type NativeOutcome, outcome } from "./outcome.ts";
import { pairingProduct } from "./pairing.ts";
import { type Group, groupOne, groupTwo } from "./points.ts";

const ADD_GAS = 150n;
const MULTIPLY_GAS = 6_000n;
const PAIRING_GAS = 45_000n;
const PAIR_GAS = 34_000n;
const PAIR_BYTES = 192;
const REVERT: Computed = { failure: "REVERT" };

type Curve = { mcl: Mcl; one: Group; two: Group; inSubgroup(point: number): boolean };

export const bn254Add: Native = (input) => run(ADD_GAS, input, add);
export const bn254Multiply: Native = (input) => run(MULTIPLY_GAS, input, multiply);
export const bn254Pairing: Native = (input) => {
  const { data, gasLimit } = input;
  if (data.length % PAIR_BYTES !== 0) return fails(gasLimit, "INVALID_INPUT_LENGTH");
  const gas = PAIRING_GAS + BigInt(data.length / PAIR_BYTES) * PAIR_GAS;
  if (gasLimit < gas) return fails(gasLimit, "OUT_OF_GAS");
  return curve((loaded) => outcome(gas, gasLimit, pairing(loaded, data)));
};

/** The imaginary part comes first. */
const curve = lazy(() =>
  bn254Curve((mcl): Curve => ({ mcl, one: groupOne(mcl), two: groupTwo(mcl, [1, 0, 3, 2]), inSubgroup: subgroupTest(mcl) })),
);

function run(gas: bigint, { data, gasLimit }: NativeInput, compute: (data: Bytes) => Computed): NativeOutcome {
  return gasLimit < gas ? fails(gasLimit, "OUT_OF_GAS") : outcome(gas, gasLimit, compute(data));
}

function add(data: Bytes): Computed {
  const { memory, bn254Add } = curves();
  place(memory, data, 128);
  return bn254Add() === 0 ? REVERT : memory.slice(AT.output, AT.output + 64);
}

function multiply(data: Bytes): Computed {
  const { memory, bn254Multiply } = curves();
  place(memory, data, 96);
  const scalar = bytesToBigInt(memory.subarray(AT.input + 64, AT.input + 96));
  const parts = split(scalar % BN254.order);
  parts.forEach((part, i) => {
    memory.set(bigIntToBytes(part < 0n ? -part : part, 32), AT.scalars + 32 * i);
  });
  if (bn254Multiply(SPLIT_BITS, parts[0] < 0n, parts[1] < 0n) === 0) return REVERT;
  return memory.slice(AT.output, AT.output + 64);
}

/** Short input is filled with zeros. */
function place(memory: Bytes, data: Bytes, length: number): void {
  memory.set(data.length > length ? data.subarray(0, length) : data, AT.input);
  if (data.length < length) memory.fill(0, AT.input + data.length, AT.input + length);
}

function pairing({ mcl, one, two, inSubgroup }: Curve, data: Bytes): Computed {
  const product = pairingProduct(mcl);
  for (let at = 0; at < data.length; at += PAIR_BYTES) {
    const to = product.next();
    const first = one.read(to.one, data, at);
    if (first !== "finite" && first !== "infinity") return REVERT;
    const second = two.read(to.two, data, at + 64);
    if (second === "not in field") return { failure: "BN254_FP_NOT_IN_FIELD" };
    if (second === "infinity") continue;
    if (second !== "finite" || !inSubgroup(to.two)) return REVERT;
    if (first === "finite") product.accept();
  }
  const out = new Uint8Array(32);
  out[31] = product.isOne() ? 1 : 0;
  return out;
}
