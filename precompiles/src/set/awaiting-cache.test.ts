import { expect, it } from "vitest";
import { createAwaitingCache } from "./awaiting-cache.ts";
import { createResultCache } from "./result-cache.ts";

const [model, other] = [Uint8Array.of(1), Uint8Array.of(2)];
const never = () => {
  throw new Error("it runs nothing");
};

it("ends a run at a result that is not there, with bytes of its own, and lets it pass when it is", () => {
  const cache = createResultCache();
  const missing: [Uint8Array, Uint8Array][] = [];
  const awaiting = createAwaitingCache(cache, (...x) => missing.push(x));
  const input = Uint8Array.of(7, 8);
  expect(() => awaiting.resolve(model, input, never)).toThrowError(expect.objectContaining({ code: "INFERENCE_AWAITED" }));
  input[0] = 9;
  expect(missing).toEqual([[model, Uint8Array.of(7, 8)]]);
  cache.fill(model, Uint8Array.of(7, 8), Uint8Array.of(3));
  expect(awaiting.resolve(model, Uint8Array.of(7, 8), never)).toEqual(Uint8Array.of(3));
  expect(() => awaiting.resolve(other, Uint8Array.of(7, 8), never)).toThrowError(expect.objectContaining({ code: "INFERENCE_AWAITED" }));
});

it("what was filled in can be dropped, what was computed here stays, and both are counted", () => {
  const cache = createResultCache();
  cache.fill(model, Uint8Array.of(1), Uint8Array.of(11));
  cache.resolve(model, Uint8Array.of(2), () => Uint8Array.of(12));
  expect(cache.resolve(model, Uint8Array.of(1), never)).toEqual(Uint8Array.of(11));
  cache.fill(model, Uint8Array.of(2), Uint8Array.of(99)); // too late: what is here is right
  expect(cache.resolve(model, Uint8Array.of(2), never)).toEqual(Uint8Array.of(12));
  cache.dropFilled();
  expect(cache.holds(model, Uint8Array.of(1))).toBe(false);
  expect(cache.resolve(model, Uint8Array.of(2), never)).toEqual(Uint8Array.of(12));
  expect(cache.counts).toEqual({ filled: 1, ran: 1 });
});
