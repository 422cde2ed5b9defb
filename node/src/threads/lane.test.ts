import type { Metrics } from "@noema/core/ports/metrics";
import { nullMetrics } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { createLane, PER_CLIENT, REFUSAL_MS, STOP_MS } from "./lane.ts";

const DEADLINE = 5000;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function startLane({ cap = 3, ready = Promise.resolve() }: { cap?: number; ready?: Promise<unknown> } = {}) {
  const clock = createSimClock();
  const runs: { id: number; answer(value: string): void }[] = [];
  const seen = { stopped: [] as number[], replaced: 0 };
  const counts: Record<string, number> = {};
  const counter = (name: string) => () => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const metrics: Metrics = { ...nullMetrics, counter };
  const lane = createLane({
    queue: { name: "test_questions", bound: cap, unit: "items", rule: "replace" },
    metrics,
    atOnce: 1,
    deadlineMs: DEADLINE,
    clock,
    ready: () => ready,
    stop: (id) => seen.stopped.push(id),
    replace: () => seen.replaced++,
  });
  const ask = (client?: string) => {
    const gone = new AbortController();
    const answer = lane.ask({ client, gone: gone.signal }, (id) => new Promise<string>((resolve) => runs.push({ id, answer: resolve })));
    answer.catch(() => {});
    return { answer, leave: () => gone.abort() };
  };
  return { clock, runs, seen, counts, lane, ask };
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

it("refuses what comes above its cap, a moment later; a client with few takes the place of one with many", async () => {
  const many = startLane();
  for (let i = 0; i < 4; i++) many.ask("a"); // one of them runs
  const refused = many.ask("b");
  await settled();
  expect([many.counts.noema_test_questions_refused_total, many.lane.waiting()]).toEqual([1, 3]);
  expect(await Promise.race([refused.answer, settled().then(() => "held")])).toBe("held");
  many.clock.advance(REFUSAL_MS);
  await expect(refused.answer).rejects.toMatchObject({ code: "RPC_BUSY" });

  const { ask, lane, clock, counts } = startLane({ cap: PER_CLIENT + 1 });
  const asked = Array.from({ length: PER_CLIENT + 2 }, () => ask("a"));
  ask("b");
  const others = [ask("b"), ask("a")]; // nobody has more than its share now
  await settled();
  clock.advance(REFUSAL_MS);
  for (const { answer } of [asked.at(-1), ...others] as typeof others) await expect(answer).rejects.toMatchObject({ code: "RPC_BUSY" });
  expect(lane.waiting()).toBe(PER_CLIENT + 1);
  expect(counts).toEqual({ noema_test_questions_replaced_total: 1, noema_test_questions_refused_total: 2 });
});

it("holds no more refusals than may wait", async () => {
  const { ask } = startLane({ cap: 1 });
  const [, , held, more] = [ask(), ask(), ask(), ask()];
  await expect(more?.answer).rejects.toMatchObject({ code: "RPC_BUSY" });
  expect(await Promise.race([held?.answer, settled().then(() => "held")])).toBe("held");
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
