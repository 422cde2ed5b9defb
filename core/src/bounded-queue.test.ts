import { expect, it } from "vitest";
import { createBoundedQueue } from "./bounded-queue.ts";
import { createRecordingMetrics } from "./testing/recording-metrics.ts";

it("gives back what it took, in order, and counts what it refused", () => {
  const { metrics, counts, gauges } = createRecordingMetrics();
  const queue = createBoundedQueue<number, "refuse">({ name: "test_things", bound: 2, unit: "items", rule: "refuse", metrics });
  expect([1, 2, 3].map((x) => queue.push(x))).toEqual([true, true, false]);
  expect([counts.noema_test_things_refused_total, gauges.noema_test_things_queue_items?.()]).toEqual([1, 2]);
  queue.remove(9);
  queue.remove(1);
  expect([queue.push(4), ...queue]).toEqual([true, 2, 4]);
  expect([queue.shift(), queue.shift(), queue.shift(), queue.length, queue.size]).toEqual([2, 4, undefined, 0, 0]);
});

it("counts bytes where its bound is one of bytes, and what waited", () => {
  const { metrics, counts } = createRecordingMetrics();
  let now = 0;
  const sizeOf = (x: string) => x.length;
  const options = { name: "test_bytes", bound: 5, unit: "bytes", rule: "drop", sizeOf, metrics, nowMs: () => now } as const;
  const queue = createBoundedQueue<string, "drop">(options);
  expect(["abc", "def", "gh", "i"].map((x) => queue.push(x))).toEqual([true, false, true, false]);
  expect([queue.size, counts.noema_test_bytes_dropped_total]).toEqual([5, 2]);
  now = 1500;
  queue.shift();
  expect(counts.noema_test_bytes_queue_wait_seconds).toBe(1.5);
});

it("lets one that waits give way, or refuses where none does", () => {
  const { metrics, counts } = createRecordingMetrics();
  const gone: number[] = [];
  const queue = createBoundedQueue<number, "replace">({
    ...{ name: "test_ranks", bound: 2, unit: "items", rule: "replace", metrics },
    victim: (waiting, item) => waiting.find((x) => x < item),
    displaced: (item) => gone.push(item),
  });
  expect([5, 6, 7, 1].map((x) => queue.push(x))).toEqual([true, true, true, false]);
  expect([[...queue], gone]).toEqual([[6, 7], [5]]);
  expect([counts.noema_test_ranks_replaced_total, counts.noema_test_ranks_refused_total]).toEqual([1, 1]);
});

it("takes what becomes part of what waits", () => {
  const { metrics, counts } = createRecordingMetrics();
  const queue = createBoundedQueue<{ key: number; count: number }, "merge">({
    ...{ name: "test_sums", bound: 1, unit: "items", rule: "merge", metrics },
    merge(waiting, { key, count }) {
      const same = waiting.find((x) => x.key === key);
      if (same !== undefined) same.count += count;
      return same !== undefined;
    },
  });
  expect([1, 1, 2].map((key) => queue.push({ key, count: 1 }))).toEqual([true, true, false]);
  expect([[...queue], counts.noema_test_sums_merged_total]).toEqual([[{ key: 1, count: 2 }], 2]);
});
