import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, test } from "vitest";
import { createProgress } from "./progress.ts";

function started(isTTY: boolean) {
  const clock = createSimClock();
  let written = "";
  const progress = createProgress({ write: (text) => (written += text), isTTY, columns: 20 }, clock);
  let finish: (value: string) => void = () => {};
  const work = new Promise<string>((resolve) => (finish = resolve));
  return { clock, progress, finish, work, written: () => written.replaceAll("\r\x1b[2K", "<") };
}

test("a line every two seconds, until the work is done", async () => {
  const { clock, progress, finish, work, written } = started(false);
  const done = progress.during((s) => `waiting ${s} s`, work);
  clock.advance(5000);
  progress.say("something happened");
  finish("outcome");
  expect(await done).toBe("outcome");
  clock.advance(60_000);
  expect(written()).toBe("waiting 2 s\nwaiting 4 s\nsomething happened\n");
});

test("on a terminal one line that changes, below the lines that stay, and gone in the end", async () => {
  const { clock, progress, finish, work, written } = started(true);
  const done = progress.during((s) => `waiting ${s} s for a long time`, work);
  clock.advance(1000);
  progress.say("news");
  finish("");
  await done;
  expect(written()).toBe("<waiting 0 s for a l<waiting 1 s for a l<news\nwaiting 1 s for a l<");
  expect(clock.pending()).toBe(0);
});

test("work that fails ends it too", async () => {
  const { clock, progress } = started(false);
  await expect(progress.during(() => "", Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(clock.pending()).toBe(0);
});
