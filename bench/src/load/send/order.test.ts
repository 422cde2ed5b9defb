import { describe, expect, it } from "vitest";
import { BROKEN, inOrder } from "./order.ts";

const lane = Array.from({ length: 400 }, (_, i) => i);
const o = { senders: 20, seed: 3 };

describe("the order in which a connection sends", () => {
  it("shuffled has all, out of order, the same for one seed", () => {
    const order = inOrder(lane, "shuffled", o);
    expect(order.toSorted((a, b) => a - b)).toEqual(lane);
    expect(order.filter((x, k) => k > 0 && (order[k - 1] as number) > x).length).toBeGreaterThan(100);
    expect(inOrder(lane, "shuffled", o)).toEqual(order);
    expect(inOrder(lane, "shuffled", { ...o, seed: 4 })).not.toEqual(order);
  });

  it("consecutive has one sender's nonces after another", () => {
    expect(inOrder(lane, "consecutive", o).slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, nonce) => nonce * 20));
  });

  it("duplicates come a second time, later", () => {
    const order = inOrder(lane, "duplicates", o);
    const twice = order.filter((x, k) => order.indexOf(x) < k);
    expect([order.length, twice.length, new Set(order).size]).toEqual([420, 20, 400]);
  });

  it("invalid ones stand beside what they are copies of", () => {
    const order = inOrder(lane, "invalid", o);
    expect([order.length, order.filter((x) => x >= BROKEN).length]).toEqual([440, 40]);
    expect(order.slice(0, 3)).toEqual([BROKEN, 0, 1]);
  });
});
