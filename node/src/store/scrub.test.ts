import { createMemoryStore } from "@noema/core/testing/memory-store";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { storeError } from "./errors.ts";
import { scrubStore } from "./scrub.ts";
import { watchedStore } from "./watched-store.ts";

it("reads every row of every table in each pass, and ends at the first that cannot be read", async () => {
  const store = createMemoryStore();
  const rows = Array.from({ length: 100 }, (_, i) => ({
    table: i % 3 === 0 ? "a" : "b",
    key: Uint8Array.of(i, i),
    value: new Uint8Array(1000),
  }));
  await store.write(rows, true);
  const read = new Set<string>();
  let bad = false;
  const watched = {
    snapshot() {
      const snapshot = store.snapshot();
      return {
        ...snapshot,
        *range(...where: Parameters<typeof snapshot.range>) {
          for (const row of snapshot.range(...where)) {
            if (bad) throw storeError("STORE_CORRUPT", "a row");
            read.add(`${where[0]}${row[0][0]}`);
            yield row;
          }
        },
      };
    },
  };
  const clock = createSimClock();
  const found: unknown[] = [];
  const scrub = scrubStore(watched, ["none", "a", "b"], clock, (error) => found.push(error));
  for (let pass = 0; pass < 2; pass++) {
    read.clear();
    clock.advance(60_000 + 100 * 20);
    expect(read.size).toBe(100);
  }
  bad = true;
  clock.advance(70_000);
  expect(found).toMatchObject([{ code: "STORE_CORRUPT" }]);
  expect(clock.pending()).toBe(0);
  scrub.stop();
});

it("tells of what a read throws, and throws it", async () => {
  const store = createMemoryStore();
  const snapshot = store.snapshot();
  const get = () => {
    throw storeError("STORE_CORRUPT", "a row");
  };
  const heard: unknown[] = [];
  const watched = watchedStore({ ...store, snapshot: () => ({ ...snapshot, get }) }, (error) => heard.push(error));
  expect(() => watched.snapshot().get("t", Uint8Array.of(1))).toThrow("a row");
  expect(heard).toHaveLength(1);
});
