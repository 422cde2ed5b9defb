import { toHex } from "@noema/core/bytes";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { beforeEach, expect, it } from "vitest";
import { precompileError } from "../errors.ts";
import { loadModel } from "../model/load.ts";
import { runModel } from "../model/run-model.ts";
import { smallModel } from "../testing/small-model.ts";
import type { OpenBackend } from "./batch-backend.ts";
import { knownAnswers } from "./known-answers.ts";
import { FORGIVEN_MS, openReturning, PAUSES } from "./returning-backend.ts";
import { createWasmBackend } from "./wasm-backend.ts";

const small = loadModel(smallModel());
const input = new Uint8Array(small.inputBytes).fill(3);
const answers = knownAnswers().slice(0, 2);

let state: "good" | "wrong" | "gone";
let opened: number;
let closed: number;
let said: string[];
let clock: ReturnType<typeof createSimClock>;
beforeEach(() => {
  [state, opened, closed, said, clock] = ["good", 0, 0, [], createSimClock()];
});

async function open(): Promise<OpenBackend> {
  if (state === "gone") throw precompileError("BACKEND_UNAVAILABLE", "nothing answers", {});
  opened++;
  return {
    name: `number ${opened}`,
    close: () => void closed++,
    async submit(model, inputs) {
      if (state === "gone") throw precompileError("BACKEND_LOST", "it ended", {});
      const outputs = inputs.map((x) => runModel(model, x));
      return state === "wrong" ? outputs.map((x) => x.map((byte) => byte ^ 1)) : outputs;
    },
  };
}

const start = () =>
  openReturning(
    open,
    {
      ...{ judge: createWasmBackend(), random: () => 0, lateMs: 60_000, startMs: 60_000, clock },
      onFault: ({ wrong }, pauseMs) => said.push(`${wrong ? "wrong" : "lost"} ${pauseMs}`),
      onReturn: (name) => said.push(`back on ${name}`),
    },
    answers,
  );
/** Lets what the clock has started come to its end. */
const pass = async (ms: number) => {
  clock.advance(ms);
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
};
const ask = async (backend: OpenBackend) => (await backend.submit(small, [input])).map(toHex);
const right = [toHex(runModel(small, input))];
const lost = { code: "BACKEND_LOST" };

it("a back end that was gone is asked again after a pause, serves when it knows the answers, and is checked as a new one", async () => {
  const backend = await start();
  expect(await ask(backend)).toEqual(right);
  state = "gone";
  await expect(ask(backend)).rejects.toMatchObject(lost);
  expect(backend.fault()).toMatchObject({ wrong: false });
  state = "good";
  await expect(ask(backend), "out until it is tried again").rejects.toMatchObject(lost);
  await pass(PAUSES.lost.first - 1);
  expect(opened).toBe(1);
  await pass(1);
  expect(said).toEqual([`lost ${PAUSES.lost.first}`, "back on number 2"]);
  expect(backend.fault()).toBeUndefined();
  expect(await ask(backend)).toEqual(right);
  expect(closed).toBe(1);
});

it("pauses double up to their bound while it stays away, and begin anew once it has served for long", async () => {
  const backend = await start();
  state = "gone";
  await ask(backend).catch(() => {});
  for (let i = 0; i < 9; i++) await pass(PAUSES.lost.most);
  const pauses = said.map((x) => Number(x.split(" ")[1]));
  expect(pauses.slice(0, 4)).toEqual([1, 2, 4, 8].map((x) => x * PAUSES.lost.first));
  expect(pauses.at(-1)).toBe(PAUSES.lost.most);
  state = "good";
  await pass(PAUSES.lost.most);
  expect(said.at(-1)).toContain("back");
  state = "gone";
  await ask(backend).catch(() => {});
  expect(said.at(-1), "a short service forgives nothing").toBe(`lost ${PAUSES.lost.most}`);
  state = "good";
  await pass(PAUSES.lost.most);
  await pass(FORGIVEN_MS);
  state = "gone";
  await ask(backend).catch(() => {});
  expect(said.at(-1)).toBe(`lost ${PAUSES.lost.first}`);
});

it("one that was wrong stays out for longer, is refused while it is wrong, and is never forgiven", async () => {
  const backend = await start();
  state = "wrong";
  await expect(ask(backend)).rejects.toMatchObject(lost);
  await pass(PAUSES.lost.most - 1);
  expect(opened).toBe(1);
  await pass(PAUSES.wrong.first);
  expect(said).toEqual([`wrong ${PAUSES.wrong.first}`, `wrong ${2 * PAUSES.wrong.first}`]);
  state = "good";
  await pass(2 * PAUSES.wrong.first);
  expect(await ask(backend)).toEqual(right);
  await pass(10 * FORGIVEN_MS);
  state = "wrong";
  await ask(backend).catch(() => {});
  expect(said.at(-1)).toBe(`wrong ${4 * PAUSES.wrong.first}`);
  for (let i = 0; i < 12; i++) await pass(PAUSES.wrong.most);
  expect(said.at(-1)).toBe(`wrong ${PAUSES.wrong.most}`);
});

it("one that cannot serve from the start is an error, and nothing is tried", async () => {
  state = "wrong";
  await expect(start()).rejects.toMatchObject({ ...lost, data: { wrong: true } });
  state = "gone";
  await expect(start()).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
  await pass(PAUSES.wrong.most);
  expect([opened, said]).toEqual([1, []]);
});

it("closed, it comes back no more", async () => {
  const backend = await start();
  state = "gone";
  await ask(backend).catch(() => {});
  backend.close();
  state = "good";
  await pass(PAUSES.lost.most);
  expect(opened).toBe(1);
});
