import { createSimClock } from "@noema/core/testing/sim-clock";
import { plain } from "@noema/node/cli/style";
import { expect, test } from "vitest";
import type { Readiness } from "./readiness.ts";
import { watchChain } from "./watch.ts";

const good: Readiness = { status: "synced", latest: 5, finalized: 2, consensus: 5, executed: 5 };
const hears = (n: number): Readiness => ({ ...good, status: "halted", cause: `halted: ${n} of 4 validators, quorum needs 3` });

/** `answers[i]` is what validator i answers now; undefined: nothing, ever. */
function watched(n = 4) {
  const clock = createSimClock();
  const answers: (Readiness | undefined)[] = Array.from({ length: n }, () => good);
  const pids: (number | undefined)[] = Array.from({ length: n }, (_, i) => 100 + i);
  const lines: string[] = [];
  const moved: number[] = [];
  const watch = watchChain({
    validators: Array.from({ length: n }, (_, i) => ({ rpcUrl: `${i}`, command: `start ${i}`, pid: 100 + i })),
    ask: async (url) => answers[Number(url)],
    processOf: async (index) => pids[index],
    moved: async (index) => void moved.push(index),
    clock,
    say: (line) => lines.push(line),
    style: plain,
  });
  const said = async (ms: number) => {
    await clock.advanceAsync(ms);
    return lines.splice(0);
  };
  return { clock, answers, pids, moved, watch, said };
}

test("a chain that goes on is not talked about", async () => {
  const { said } = watched();
  expect(await said(600_000)).toEqual([]);
});

test("two that hang halt the chain within 5 s, whatever the others still believe, and it goes on when they answer", async () => {
  const { answers, said } = watched();
  await said(10_000);
  answers[1] = answers[2] = undefined;
  const lines = await said(5000);
  expect(lines).toEqual([
    "validator 1 stopped answering 3 s ago (pid 101)",
    "validator 2 stopped answering 3 s ago (pid 102)",
    "the chain is halted: 2 of 4 validators answer, quorum needs 3",
  ]);
  answers[0] = answers[3] = hears(2);
  expect(await said(60_000)).toEqual([]);
  answers[1] = answers[2] = hears(2); // they have to hear each other first
  expect(await said(1000)).toEqual(["validator 1 answers again", "validator 2 answers again"]);
  answers.fill(good);
  expect(await said(1000)).toEqual([expect.stringMatching(/^the chain goes on after \d+ s: 4 of 4 validators take part$/)]);
});

test("a child that ends is told at once, with its restart; back in another process, its pid", async () => {
  const { pids, moved, watch, said } = watched();
  await said(3000);
  pids[3] = undefined;
  watch.ended(3, "SIGKILL");
  expect(await said(0)).toEqual([
    "validator 3 ended (SIGKILL)",
    "  restart it with: start 3",
    "3 of 4 validators take part, the chain goes on",
  ]);
  expect(await said(20_000)).toEqual([]);
  pids[3] = 900;
  expect(await said(1000)).toEqual(["validator 3 is back (pid 900)", "4 of 4 validators take part, the chain goes on"]);
  expect(moved).toEqual([3]);
  pids[3] = undefined; // no child any more
  expect((await said(1000))[0]).toBe("validator 3 ended");
});

test("the signal of a child is told, whichever is seen first: its lock gone, its end, or its last answer", async () => {
  const { pids, watch, said } = watched();
  await said(3000);
  pids[3] = undefined;
  expect(await said(2000), "the lock is gone, its end not told yet").toEqual([]);
  watch.ended(3, "SIGKILL");
  watch.ended(2, "SIGKILL"); // it is asked for its process before, and answered that it lives
  const lines = await said(5000);
  for (const i of [2, 3]) expect(lines).toContain(`validator ${i} ended (SIGKILL)`);
  expect(lines.filter((line) => line.includes("is back"))).toEqual([]);
});

test("the second that ends halts the chain", async () => {
  const { pids, watch, said } = watched();
  await said(3000);
  for (const i of [0, 1]) {
    pids[i] = undefined;
    watch.ended(i, "SIGKILL");
  }
  expect((await said(0)).at(-1)).toBe("the chain is halted: 2 of 4 validators answer, quorum needs 3");
});

test("a partition: all answer, none hears a quorum", async () => {
  const { answers, said } = watched();
  await said(3000);
  answers.fill(hears(2));
  expect(await said(5000)).toEqual([
    ...[0, 1, 2, 3].map((i) => `validator ${i} does not take part: halted: 2 of 4 validators, quorum needs 3`),
    "the chain is halted: 0 of 4 validators take part, quorum needs 3",
  ]);
  answers.fill(good);
  expect((await said(1000)).at(-1)).toMatch(/^the chain goes on after/);
});

test("validators that have failed inside are named with their cause", async () => {
  const { answers, said } = watched();
  await said(3000);
  answers[2] = { ...good, status: "halted", cause: "CONSENSUS_STORAGE_FAILED: ENOSPC: no space left on device" };
  expect(await said(5000)).toEqual([
    "validator 2 does not take part: CONSENSUS_STORAGE_FAILED: ENOSPC: no space left on device",
    "3 of 4 validators take part, the chain goes on",
  ]);
  answers[3] = answers[2];
  expect((await said(5000)).at(-1)).toBe("the chain is halted: 2 of 4 validators take part, quorum needs 3");
});

test("one that executes nothing any more is told, one that is slow is not", async () => {
  const { answers, said } = watched(1);
  for (let latest = 5; latest < 50; latest++) {
    answers[0] = { ...good, latest, executed: latest, consensus: 60 };
    expect(await said(5000)).toEqual([]);
  }
  expect((await said(15_000)).at(-1)).toBe("the chain is halted: 0 of 1 validators take part, quorum needs 1");
});

test("validators that still look for each other after the start are not called halted", async () => {
  const { answers, said } = watched();
  answers.fill(hears(1));
  expect(await said(9000)).toEqual([]);
  answers.fill(good);
  expect(await said(9000)).toEqual([]);
});

test("after stop nothing is said or asked any more", async () => {
  const { clock, answers, watch, said } = watched();
  watch.stop();
  answers.fill(undefined);
  watch.ended(0, "SIGTERM");
  expect(await said(60_000)).toEqual([]);
  expect(clock.pending()).toBe(0);
});

test("heights without a block of their own are executed too", async () => {
  const { answers, said } = watched(1);
  answers[0] = { ...good, latest: 5, consensus: 9, executed: 9 };
  expect(await said(60_000)).toEqual([]);
});
