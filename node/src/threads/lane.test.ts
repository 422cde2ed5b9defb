import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { createLane, PER_CLIENT, STOP_MS } from "./lane.ts";

const DEADLINE = 5000;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function startLane({ cap = 3, ready = Promise.resolve() }: { cap?: number; ready?: Promise<unknown> } = {}) {
  const clock = createSimClock();
  const runs: { id: number; answer(value: string): void }[] = [];
  const seen = { stopped: [] as number[], replaced: 0, refused: 0 };
  const lane = createLane({
    cap,
    atOnce: 1,
    deadlineMs: DEADLINE,
    clock,
    ready: () => ready,
    stop: (id) => seen.stopped.push(id),
    replace: () => seen.replaced++,
    refused: () => seen.refused++,
  });
  const ask = (client?: string) => {
    const gone = new AbortController();
    const answer = lane.ask({ client, gone: gone.signal }, (id) => new Promise<string>((resolve) => runs.push({ id, answer: resolve })));
    answer.catch(() => {});
    return { answer, leave: () => gone.abort() };
  };
  return { clock, runs, seen, lane, ask };
}

it("runs one at a time, in order", async () => {
  const { runs, ask } = startLane();
  const [first, second] = [ask(), ask()];
  await settled();
  expect(runs.map((x) => x.id)).toEqual([1]);
  runs[0]?.answer("a");
  await first.answer;
  await settled();
  runs[1]?.answer("b");
  expect(await second.answer).toBe("b");
});

it("refuses what comes above its cap; a client with few takes the place of one with many", async () => {
  const many = startLane();
  for (let i = 0; i < 4; i++) many.ask("a"); // one of them runs
  await expect(many.ask("b").answer).rejects.toMatchObject({ code: "RPC_BUSY" });
  expect([many.seen.refused, many.lane.waiting()]).toEqual([1, 3]);

  const { ask, lane } = startLane({ cap: PER_CLIENT + 1 });
  const asked = Array.from({ length: PER_CLIENT + 2 }, () => ask("a"));
  ask("b");
  await expect(asked.at(-1)?.answer).rejects.toMatchObject({ code: "RPC_BUSY" });
  await expect(ask("b").answer).rejects.toMatchObject({ code: "RPC_BUSY" }); // nobody has more than its share now
  await expect(ask("a").answer).rejects.toMatchObject({ code: "RPC_BUSY" });
  expect(lane.waiting()).toBe(PER_CLIENT + 1);
});

it("gives up what is late, waiting or running, and ends a thread that does not stop", async () => {
  const { clock, runs, seen, ask } = startLane();
  const late = [ask(), ask()];
  await settled();
  clock.advance(DEADLINE);
  for (const { answer } of late) await expect(answer).rejects.toMatchObject({ code: "RPC_DEADLINE" });
  expect(seen).toMatchObject({ stopped: [1], replaced: 0 });
  clock.advance(STOP_MS);
  expect(seen.replaced).toBe(1);
  runs[0]?.answer("too late");
  await settled();
  const next = ask();
  await settled();
  expect(runs.map((x) => x.id)).toEqual([1, 3]);
  runs[1]?.answer("c");
  expect(await next.answer).toBe("c");
  clock.advance(DEADLINE + STOP_MS);
  expect(seen).toMatchObject({ stopped: [1], replaced: 1 });
});

it("does not replace a thread that stops in time", async () => {
  const { clock, runs, seen, ask } = startLane();
  ask();
  await settled();
  clock.advance(DEADLINE);
  runs[0]?.answer("stopped");
  await settled();
  clock.advance(STOP_MS);
  expect(seen).toMatchObject({ stopped: [1], replaced: 0 });
});

it("gives up what nobody waits for", async () => {
  const { runs, seen, lane, ask } = startLane();
  const [running, waiting] = [ask(), ask()];
  await settled();
  waiting.leave();
  running.leave();
  for (const { answer } of [running, waiting]) await expect(answer).rejects.toMatchObject({ code: "RPC_DEADLINE" });
  expect([seen.stopped, lane.waiting()]).toEqual([[1], 0]);
  const gone = ask();
  gone.leave();
  runs[0]?.answer("stopped");
  await settled();
  expect(runs.map((x) => x.id)).toEqual([1]);
});

it("counts no deadline before the thread is there, and tells why it cannot be", async () => {
  const start = Promise.withResolvers<void>();
  const { clock, runs, ask } = startLane({ ready: start.promise });
  const { answer } = ask();
  clock.advance(10 * DEADLINE);
  start.resolve();
  await settled();
  runs[0]?.answer("a");
  expect(await answer).toBe("a");
  const failing = startLane({ ready: Promise.reject(new Error("no thread")) });
  await expect(failing.ask().answer).rejects.toThrow("no thread");
});
