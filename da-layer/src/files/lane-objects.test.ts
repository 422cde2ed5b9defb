/** What passes by itself is waited out, but not before anything was published, and nothing else is. */

import type { PublishProgress } from "@noema/core/ports/data";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { daError } from "../errors.ts";
import { laneSink } from "./lane-objects.ts";

const id = new Uint8Array(32).fill(3);

/** Publishes, or throws what stands next in `outcomes`. */
function lane(outcomes: (Error | undefined)[]) {
  return {
    async *publish(): AsyncIterable<PublishProgress> {
      const outcome = outcomes.shift();
      if (outcome !== undefined) throw outcome;
      yield { step: "encoded", done: 1, id };
      yield { step: "included", done: 1, id, height: 5 };
    },
  };
}

it("waits for its turn and for the chain once an object is kept", async () => {
  const clock = createSimClock();
  const { signal } = new AbortController();
  const outcomes = [undefined, daError("DA_BUSY", ""), daError("DA_HALTED", ""), undefined, daError("DA_WORKER_FAILED", "")];
  const sink = laneSink(lane(outcomes), { namespace: new Uint8Array() }, { objectBytes: 9, clock, signal });
  const told: Uint8Array[] = [];
  expect(await sink.publish(Uint8Array.of(1), (x) => told.push(x))).toEqual({ id, height: 5 });
  expect(told).toEqual([id]);
  const second = sink.publish(Uint8Array.of(2));
  for (let i = 0; i < 4; i++) await clock.advanceAsync(1000);
  expect(await second).toEqual({ id, height: 5 });
  await expect(sink.publish(Uint8Array.of(3))).rejects.toMatchObject({ code: "DA_WORKER_FAILED" });
});

it("says at once that it cannot begin, and stops waiting with its caller", async () => {
  const clock = createSimClock();
  const gone = new AbortController();
  const busy = () => daError("DA_BUSY", "");
  const sink = laneSink(lane([busy(), undefined, busy()]), { namespace: new Uint8Array() }, { objectBytes: 9, clock, signal: gone.signal });
  await expect(sink.publish(Uint8Array.of(1))).rejects.toMatchObject({ code: "DA_BUSY" });
  await sink.publish(Uint8Array.of(1));
  const waiting = sink.publish(Uint8Array.of(2));
  await clock.advanceAsync(10);
  gone.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
});
