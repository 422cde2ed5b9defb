/** Every precompile of Ethereum in a loop of calls, with valid inputs that cost most, and with ones that fail late. */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { type Attack, type Axes, at, type Point, program } from "../attack.ts";
import { assemble } from "../code.ts";
import * as inputs from "../precompile-inputs.ts";

type Precompile = { name: string; address: number; axes?: Axes; input(point: Point): Bytes };

const SIZES = { size: [0, 32, 128, 1024, 16_384, 100_000] };
const pairs = { count: [1, 2, 8, 32, 128] };
const zeros = (point: Point) => new Uint8Array(at(point, "size"));
const many = (item: (i: number) => Bytes) => (point: Point) =>
  concatBytes(...Array.from({ length: at(point, "count") }, (_, i) => item(i)));

const PRECOMPILES: readonly Precompile[] = [
  { name: "ECRECOVER", address: 1, axes: { bad: [0, 1] }, input: (p) => inputs.recovery(at(p, "bad") === 1) },
  { name: "SHA256", address: 2, axes: SIZES, input: zeros },
  { name: "RIPEMD160", address: 3, axes: SIZES, input: zeros },
  { name: "IDENTITY", address: 4, axes: SIZES, input: zeros },
  {
    name: "MODEXP",
    address: 5,
    axes: { base: [32, 1, 8, 64, 256, 1024], exponent: [32, 1, 8, 128, 1024], modulus: [32, 1, 8, 64, 256, 1024], kind: [0, 1, 2, 3] },
    input: (p) =>
      inputs.modularExponent({ base: at(p, "base"), exponent: at(p, "exponent"), modulus: at(p, "modulus"), kind: at(p, "kind") }),
  },
  { name: "BN254_ADD", address: 6, axes: { same: [0, 1] }, input: (p) => inputs.bnAdd(at(p, "same") === 1) },
  { name: "BN254_MUL", address: 7, axes: { scalar: [0, 1, 2] }, input: (p) => inputs.bnMul(at(p, "scalar")) },
  { name: "BN254_PAIRING", address: 8, axes: { count: [2, 0, 1, 8, 32] }, input: many(inputs.bnPair) },
  { name: "BLAKE2F", address: 9, axes: { rounds: [12, 0, 1, 1000, 100_000] }, input: (p) => inputs.blake(at(p, "rounds")) },
  { name: "POINT_EVALUATION", address: 10, axes: { kind: [0, 1] }, input: (p) => inputs.pointEvaluation(at(p, "kind")) },
  { name: "BLS12_G1ADD", address: 11, axes: { same: [0, 1] }, input: (p) => inputs.g1Add(at(p, "same") === 1) },
  { name: "BLS12_G1MSM", address: 12, axes: pairs, input: many(inputs.g1Term) },
  { name: "BLS12_G2ADD", address: 13, axes: { same: [0, 1] }, input: (p) => inputs.g2Add(at(p, "same") === 1) },
  { name: "BLS12_G2MSM", address: 14, axes: pairs, input: many(inputs.g2Term) },
  { name: "BLS12_PAIRING", address: 15, axes: { count: [2, 1, 8, 32, 128] }, input: many(inputs.blsPair) },
  { name: "BLS12_MAP_FP_TO_G1", address: 16, axes: { kind: [0, 1] }, input: (p) => inputs.fieldElement(at(p, "kind"), 1) },
  { name: "BLS12_MAP_FP2_TO_G2", address: 17, axes: { kind: [0, 1] }, input: (p) => inputs.fieldElement(at(p, "kind"), 2) },
  { name: "P256VERIFY", address: 0x100, axes: { bad: [0, 1] }, input: (p) => inputs.p256(at(p, "bad") === 1) },
];

/** The words of the call's data that the loop itself uses. */
const DATA = 64;

export function callOf(address: number, size: number): Bytes {
  return assemble(0, 0, size, 0, address, "GAS", "STATICCALL", "POP");
}

/** `input` is the transaction's data, copied to memory once. */
export function callLoop(address: number, input: Bytes) {
  return { data: input, setup: assemble(input.length, DATA, 0, "CALLDATACOPY"), body: callOf(address, input.length) };
}

export const precompileAttacks: readonly Attack[] = PRECOMPILES.map(({ name, address, axes = {}, input }) =>
  program({ name, group: "precompiles", axes, keep: [0], fragment: (point) => callLoop(address, input(point)) }),
);
