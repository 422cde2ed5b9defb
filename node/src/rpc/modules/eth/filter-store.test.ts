import { blockNumber } from "@noema/core/block-number";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { createFilterStore } from "./filter-store.ts";

const MINUTES_MS = 60_000;

function create() {
  const clock = createSimClock();
  let stopped = 0;
  const filters = createFilterStore(clock, () => blockNumber(7));
  const pending = () => filters.install(() => ({ type: "pending", hashes: [], stop: () => void stopped++ }));
  return { clock, filters, pending, stopped: () => stopped };
}

it("a filter begins at the head, and lives while it is asked for", () => {
  const { clock, filters, pending, stopped } = create();
  const [kept, left] = [pending(), pending()];
  for (let i = 0; i < 3; i++) {
    clock.advance(4 * MINUTES_MS);
    expect(filters.use(kept).readTo).toBe(7);
  }
  expect(() => filters.use(left)).toThrowError(expect.objectContaining({ code: "RPC_FILTER_UNKNOWN" }));
  expect([filters.count(), stopped()]).toEqual([1, 1]);
});

it("above the bound nothing is begun, and what is dropped ends", () => {
  const { filters, pending, stopped } = create();
  const ids = Array.from({ length: 1000 }, () => filters.install(() => ({ type: "blocks" })));
  const create1001 = () => {
    throw new Error("begun");
  };
  expect(() => filters.install(create1001)).toThrowError(expect.objectContaining({ code: "RPC_LIMIT" }));
  expect([filters.remove(ids[0] as string), filters.remove(ids[0] as string)]).toEqual([true, false]);
  pending();
  expect([filters.count("pending"), filters.count("blocks")]).toEqual([1, 999]);
  filters.close();
  expect([filters.count(), stopped()]).toEqual([0, 1]);
});
