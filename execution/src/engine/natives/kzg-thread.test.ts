/** The native library against the library's JavaScript and against the own kernel, which answer while it loads (differential.test.ts). */
import { expect, it } from "vitest";
import { compare } from "../../testing/natives/compare.ts";
import { createReference } from "../../testing/natives/reference.ts";
import { kzgThreadLoaded, startKzgThread, verifyNatively } from "./kzg-thread.ts";
import { pointEvaluation } from "./point-evaluation.ts";

const seed = process.env.NOEMA_SEED ?? String(Date.now());
console.log(`NOEMA_SEED=${seed}`);

const GENERATOR = "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";
const INFINITY = `c0${"00".repeat(47)}`;
const word = (n: number) => n.toString(16).padStart(64, "0");
const question = (z: string, y: string, commitment: string, proof: string) =>
  new Uint8Array(Buffer.from(z + y + commitment + proof, "hex"));
const constantOne = question(word(5), word(1), GENERATOR, INFINITY);

/** However busy the machine is. */
const verify = (data: Uint8Array) => verifyNatively(data, Number.POSITIVE_INFINITY);

it("answers once it is loaded, and says of nothing that is refused whether it is true", async () => {
  expect(verify(constantOne)).toBeUndefined();
  expect(await kzgThreadLoaded()).toBe(true);
  expect(verify(constantOne)).toBe(true);
  expect(verify(question(word(5), word(2), GENERATOR, INFINITY))).toBe(false);
  expect(verify(question("ff".repeat(32), word(1), GENERATOR, INFINITY))).toBeUndefined();
  expect(verify(question(word(5), word(1), "ff".repeat(48), INFINITY))).toBeUndefined();
  expect(verify(constantOne)).toBe(true);
});

it("has the library's output, gas and error", async () => {
  startKzgThread();
  expect(await kzgThreadLoaded()).toBe(true);
  const reference = createReference("osaka").precompile(0x0a);
  const { differences, succeeded } = await compare({ address: 0x0a, inputs: 60, seed }, pointEvaluation, reference);
  expect(differences).toEqual([]);
  expect(succeeded).toBeGreaterThan(0);
  const untrue: typeof pointEvaluation = async (input) => {
    const told = await pointEvaluation(input);
    return told.failure === undefined ? { ...told, output: new Uint8Array(64) } : told;
  };
  const found = await compare({ address: 0x0a, inputs: 60, seed }, untrue, reference);
  expect(found.differences.length, "what it would find").toBeGreaterThan(0);
});
