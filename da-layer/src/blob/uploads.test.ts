import { createSimClock, type SimClock, settle } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { createUploads, type Uploads } from "./uploads.ts";

const MB = 1 << 20;
const pause = (clock: SimClock, ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
/** Length of what was taken, whose room is free at once, or the code. */
const outcome = (upload: ReturnType<Uploads["collect"]>) =>
  upload.then(
    ({ payload, free }) => {
      free();
      return payload.length;
    },
    (error) => error.code as string,
  );

/** Sends `first` bytes and nothing more. */
async function* half(first: number): AsyncIterable<Uint8Array> {
  yield new Uint8Array(first);
  await new Promise<never>(() => {});
}
async function* whole(bytes: number): AsyncIterable<Uint8Array> {
  yield new Uint8Array(bytes);
}

it("an upload that is sent half ends after ten seconds, and so does one that drips", async () => {
  const clock = createSimClock();
  const uploads = createUploads(clock);
  const dripping = (async function* () {
    for (;;) {
      yield new Uint8Array(10);
      await pause(clock, 900);
    }
  })();
  const ended = Promise.all([uploads.collect("a", half(MB), 4 * MB), uploads.collect("b", dripping, 4 * MB)].map(outcome));
  await clock.advanceAsync(9_900);
  expect(await Promise.race([ended, settle().then(() => "they run")])).toBe("they run");
  await clock.advanceAsync(300);
  expect(await ended).toEqual(["DA_STALLED", "DA_STALLED"]);
});

it("one that comes slowly and steadily is taken, however long it takes", async () => {
  const clock = createSimClock();
  const steady = (async function* () {
    for (let i = 0; i < 64; i++) {
      await pause(clock, 1500);
      yield new Uint8Array(64 * 1024);
    }
  })();
  const taken = outcome(createUploads(clock).collect("a", steady, 4 * MB));
  await clock.advanceAsync(64 * 1500);
  expect(await taken).toBe(4 * MB);
});

it("half-sent uploads make room for whoever needs it, of the same client too", async () => {
  const clock = createSimClock();
  const uploads = createUploads(clock);
  const halves = Array.from({ length: 12 }, () => outcome(uploads.collect("a", half(1000), 4 * MB)));
  await settle();
  expect(await outcome(uploads.collect("a", whole(4 * MB), 4 * MB))).toBe("DA_BUSY"); // they may all be honest
  expect(await outcome(uploads.collect("b", whole(4 * MB), 4 * MB))).toBe(4 * MB);
  await clock.advanceAsync(1000);
  expect(await outcome(uploads.collect("a", whole(4 * MB), 4 * MB))).toBe(4 * MB);
  expect(await halves[0]).toBe("DA_STALLED");
  expect(await Promise.race([halves[1], settle().then(() => "it runs")])).toBe("it runs");
});

it("clients without number take all the room for a second at most", async () => {
  const clock = createSimClock();
  const uploads = createUploads(clock);
  for (let i = 0; i < 32; i++) void outcome(uploads.collect(`bot ${i}`, half(1), 4 * MB));
  await settle();
  expect(await outcome(uploads.collect("honest", whole(4 * MB), 4 * MB))).toBe("DA_BUSY");
  await clock.advanceAsync(1000);
  expect(await outcome(uploads.collect("honest", whole(4 * MB), 4 * MB))).toBe(4 * MB);
});

it("takes exactly what was announced", async () => {
  const uploads = createUploads(createSimClock());
  expect(await outcome(uploads.collect("a", whole(9), 10))).toBe("DA_LENGTH_MISMATCH");
  expect(await outcome(uploads.collect("a", whole(11), 10))).toBe("DA_LENGTH_MISMATCH");
  expect(await outcome(uploads.collect("a", whole(10), 10))).toBe(10);
});

it("an upload whose reader has not asked for more is not silent", async () => {
  const clock = createSimClock();
  const uploads = createUploads(clock);
  const reading = uploads.guard("a", whole(10), 48 * MB)[Symbol.asyncIterator]();
  await reading.next();
  await clock.advanceAsync(60_000);
  expect(await outcome(uploads.collect("a", whole(4 * MB), 4 * MB))).toBe("DA_BUSY");
  expect(await reading.next()).toEqual({ done: true, value: undefined });
  expect(await outcome(uploads.collect("a", whole(4 * MB), 4 * MB))).toBe(4 * MB);
});

it("what has come keeps its room until it is freed, however long its turn is awaited", async () => {
  const clock = createSimClock();
  const uploads = createUploads(clock);
  const waiting = await Promise.all(Array.from({ length: 12 }, () => uploads.collect("a", whole(4 * MB), 4 * MB)));
  await clock.advanceAsync(60_000);
  expect(await outcome(uploads.collect("a", whole(4 * MB), 4 * MB))).toBe("DA_BUSY");
  waiting[0]!.free();
  expect(await outcome(uploads.collect("a", whole(4 * MB), 4 * MB))).toBe(4 * MB);
});
