/** Every precompile against the library's JavaScript: the same output, gas and error (execution/bench/natives-fuzz.ts for more). */
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import { FORKS, forkOf } from "../../rules/forks.ts";
import { compare } from "../../testing/natives/compare.ts";
import { createReference } from "../../testing/natives/reference.ts";
import { add, bls12381, multiScalar, pairing } from "./bls12-381.ts";
import { nativePrecompiles } from "./natives.ts";
import type { Native } from "./outcome.ts";

const seed = process.env.NOEMA_SEED ?? String(Date.now());
/** What costs the library milliseconds each; the rest gets USUAL. */
const INPUTS: Record<number, number> = { 7: 40, 8: 8, 10: 8, 11: 40, 12: 10, 13: 25, 14: 8, 15: 8, 16: 30, 17: 20, 256: 30 };
const USUAL = 200;

const reference = createReference("osaka");
const natives = nativePrecompiles(forkOf("osaka"));

console.log(`NOEMA_SEED=${seed}`);

it("has one for each of the library's, in every fork", () => {
  for (const fork of FORKS) {
    const mine = [...nativePrecompiles(forkOf(fork)).keys()].sort((a, b) => a - b);
    expect(createReference(fork).addresses, fork).toEqual(mine);
  }
});

it.each([...natives])("0x%i", async (address, native) => {
  const o = { address, inputs: INPUTS[address] ?? USUAL, seed, most: 3, untilOneSucceeds: true };
  const { differences, succeeded } = await compare(o, native, reference.precompile(address));
  expect(differences).toEqual([]);
  expect(succeeded, "inputs are not all refused").toBeGreaterThan(0);
});

it.each(["berlin", "prague"])("MODEXP at the prices of %s", async (fork) => {
  const native = nativePrecompiles(forkOf(fork)).get(0x05) as Native;
  const { differences } = await compare({ address: 0x05, inputs: USUAL, seed }, native, createReference(fork).precompile(0x05));
  expect(differences).toEqual([]);
});

/** A length that the computation may be given. */
function whole(address: number, length: number): boolean {
  const unit = { 12: 160, 13: 512, 14: 288, 15: 384 }[address] as number;
  return address === 0x0d ? length === unit : length > 0 && length % unit === 0;
}

it("would find a subgroup that is not checked, and one that is where it must not be", async () => {
  const curve = bls12381();
  const trusting = { ...curve, one: { ...curve.one, inSubgroup: () => true }, two: { ...curve.two, inSubgroup: () => true } };
  const strict = {
    ...curve.two,
    read: (slot: number, data: Uint8Array, at: number) => {
      const point = curve.two.read(slot, data, at);
      return point === "finite" && !curve.two.inSubgroup(data, at) ? ("not on curve" as const) : point;
    },
  };
  const random = createSeededRandom("subgroup");
  const wrong: [number, (data: Uint8Array) => unknown][] = [
    [0x0c, (data) => multiScalar(trusting, trusting.one, data)],
    [0x0e, (data) => multiScalar(trusting, trusting.two, data)],
    [0x0f, (data) => pairing(trusting, data)],
    [0x0d, (data) => add(curve, strict, data)],
  ];
  for (const [address, compute] of wrong) {
    const broken: Native = async (input) => {
      const right = await (natives.get(address) as Native)(input);
      const refused = right.failure !== undefined;
      const answer = right.failure !== "OUT_OF_GAS" && whole(address, input.data.length) ? compute(input.data) : undefined;
      const accepted = answer instanceof Uint8Array;
      return answer === undefined || accepted === !refused ? right : { ...right, output: Uint8Array.of(1) };
    };
    const found = await compare(
      { address, inputs: address === 0x0f ? 150 : 60, seed: random.fork(String(address)).bytes(8).join() },
      broken,
      natives.get(address) as Native,
    );
    expect(found.differences.length, `0x${address.toString(16)}`).toBeGreaterThan(0);
  }
});
