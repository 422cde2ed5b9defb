import { toHex } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { precompileError } from "../errors.ts";
import { loadModel } from "../model/load.ts";
import { runModel } from "../model/run-model.ts";
import { smallModel } from "../testing/small-model.ts";
import type { OpenBackend } from "./batch-backend.ts";
import { guardBackend } from "./guarded-backend.ts";
import { knownAnswers } from "./known-answers.ts";
import { createWasmBackend } from "./wasm-backend.ts";

const small = loadModel(smallModel());
const inputs = Array.from({ length: 8 }, (_, x) => new Uint8Array(small.inputBytes).fill(x));
type Submit = OpenBackend["submit"];
const honest: Submit = async (model, some) => some.map((input) => runModel(model, input));

/** A guard around `submit`; `random` gives what is drawn. */
async function guard(submit: Submit, o: { random?(): number; lateMs?: number; answers?: ReturnType<typeof knownAnswers> } = {}) {
  const { random = () => 0.99, lateMs = 60_000, answers = [] } = o;
  const said = { faults: [] as string[], closed: 0, ran: 0 };
  const wasm = createWasmBackend();
  const judge = {
    name: "counted",
    load(model: typeof small) {
      const runnable = wasm.load(model);
      const run = (input: Uint8Array) => {
        said.ran++;
        return runnable.run(input);
      };
      return { run };
    },
  };
  const backend = { name: "test", submit, close: () => said.closed++ };
  const guarded = await guardBackend(
    backend,
    { judge, onFault: ({ reason }) => said.faults.push(reason), random, lateMs, startMs: 60_000 },
    answers,
  );
  return { guarded, said };
}

it("the committed known answers are the judge's, and cover every operator", () => {
  const answers = knownAnswers();
  const codes = new Set(answers.flatMap(({ model }) => model.steps.map(({ code }) => code)));
  expect([...codes].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  for (const { model, input, output } of answers) expect(toHex(runModel(model, input))).toBe(toHex(output));
});

it("an honest back end serves; of its first batch all is checked, of later ones one result, and those that are drawn", async () => {
  const { guarded, said } = await guard(honest, { answers: knownAnswers() });
  await guarded.submit(small, inputs);
  expect(said.ran).toBe(8);
  expect((await guarded.submit(small, inputs)).map(toHex)).toEqual(inputs.map((x) => toHex(runModel(small, x))));
  expect(said.ran).toBe(9);
  const drawn = await guard(honest, { random: () => 0.01 });
  await drawn.guarded.submit(small, inputs);
  await drawn.guarded.submit(small, inputs);
  expect(drawn.said.ran).toBe(16);
  expect(said.faults).toEqual([]);
});

it("a known answer that is not given keeps it from serving", async () => {
  const lying: Submit = async (model, some) => (await honest(model, some)).map((x) => x.map((byte) => byte ^ 1));
  await expect(guard(lying, { answers: knownAnswers() })).rejects.toMatchObject({ code: "BACKEND_LOST" });
});

it("one wrong byte of what is checked puts it out of service, closes it, and nothing of the batch leaves", async () => {
  let wrong = false;
  const turning: Submit = async (model, some) => {
    const outputs = await honest(model, some);
    if (wrong) outputs[7]![0]! ^= 0x80;
    return outputs;
  };
  const { guarded, said } = await guard(turning);
  await guarded.submit(small, inputs);
  wrong = true; // random() 0.99 of 8 chooses the last
  await expect(guarded.submit(small, inputs)).rejects.toMatchObject({ code: "BACKEND_LOST" });
  wrong = false;
  await expect(guarded.submit(small, inputs)).rejects.toMatchObject({ code: "BACKEND_LOST" });
  expect(said).toMatchObject({ faults: [expect.stringContaining("differs from WASM's")], closed: 1 });
  expect(guarded.fault()).toMatchObject({ wrong: true, reason: expect.stringContaining(toHex(small.id)) });
});

it("missing results, late ones and a lost back end are faults; an input of a wrong length and a model that does not fit are none", async () => {
  const short = await guard(async (model, some) => (await honest(model, some)).slice(1));
  await expect(short.guarded.submit(small, inputs)).rejects.toMatchObject({ code: "BACKEND_LOST" });
  const late = await guard(() => new Promise(() => {}), { lateMs: 1 });
  await expect(late.guarded.submit(small, inputs)).rejects.toMatchObject({ code: "BACKEND_LOST" });
  expect(late.guarded.fault()).toMatchObject({ wrong: false, reason: expect.stringContaining("1 ms") });
  for (const code of ["BACKEND_MODEL_UNFIT", "BACKEND_BUSY", "MODEL_INPUT_INVALID"] as const) {
    const own = await guard(() => Promise.reject(precompileError(code, "", {})));
    await expect(own.guarded.submit(small, inputs)).rejects.toMatchObject({ code });
    expect(own.guarded.fault()).toBeUndefined();
  }
});
