/** Every precompile against the library's JavaScript, in every fork that has its price: some minutes of the library's time. */
import { expect, it } from "vitest";
import { nativePrecompiles } from "../src/engine/natives/natives.ts";
import { forkOf } from "../src/rules/forks.ts";
import { compare } from "../src/testing/natives/compare.ts";
import { createReference } from "../src/testing/natives/reference.ts";

const seed = process.env.NOEMA_SEED ?? String(Date.now());
/** Curves cost the library up to 0.1 s each. */
const CURVES = new Set([0x07, 0x08, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x100]);
const cases = ["cancun", "prague", "osaka"].flatMap((fork) => {
  return [...nativePrecompiles(forkOf(fork))].map(([address, native]) => ({ fork, address, native }));
});
console.log(`NOEMA_SEED=${seed}`);

it.each(cases)("$fork, $address", async ({ fork, address, native }) => {
  const o = { address, inputs: CURVES.has(address) ? 40 : 3000, seed: `${seed}/${fork}` };
  const { differences } = await compare(o, native, createReference(fork).precompile(address));
  expect(differences).toEqual([]);
});
