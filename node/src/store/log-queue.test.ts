import { expect, it } from "vitest";
import { FRAME_BYTES } from "./log-frame.ts";
import { createLogQueue } from "./log-queue.ts";

const record = (n: number) => new Uint8Array(n).fill(n);

it("positions follow one another by their frames, and what is taken is read until it is written", () => {
  const queue = createLogQueue(100);
  const given = record(3);
  expect([queue.push(given), queue.push(record(5))]).toEqual([100, 100 + FRAME_BYTES + 3]);
  given.fill(0);
  expect(queue.find(100), "a copy").toEqual(record(3));
  queue.find(100)?.fill(0);
  expect(queue.bytes()).toBe(8);
  const taken = queue.take();
  const third = queue.push(record(7));
  expect([taken.length, queue.bytes()]).toEqual([2, 7]);
  expect(queue.all()).toEqual([...taken, [third, record(7)]]);
  expect([queue.find(100), queue.find(third), queue.find(101)]).toEqual([record(3), record(7), undefined]);
  queue.written();
  expect([queue.find(100), queue.all().length]).toEqual([undefined, 1]);
});
