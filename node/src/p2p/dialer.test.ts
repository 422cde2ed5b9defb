/** When a peer that does not answer is said. */
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { createDialer } from "./dialer.ts";

it("says once that a peer cannot be reached, and again after it was connected", async () => {
  const clock = createSimClock();
  const refused = new Error("refused");
  const [said, connected]: [unknown[], Set<string>] = [[], new Set()];
  let dialed = 0;
  const dialer = createDialer(["a"], {
    clock,
    random: createSeededRandom(1),
    selfId: "b",
    connected: (id) => connected.has(id),
    bannedMs: () => 0,
    dial: async () => {
      dialed++;
      throw refused;
    },
    unreachable: (...x) => void said.push(x),
  });
  dialer.start();
  await clock.advanceAsync(10_000);
  expect(dialed).toBeGreaterThan(4); // a peer that starts some seconds later is no news
  expect(said).toEqual([]);
  await clock.advanceAsync(60_000);
  expect(said).toEqual([["a", refused]]);
  connected.add("a");
  await clock.advanceAsync(20_000);
  connected.clear();
  dialer.lost("a");
  await clock.advanceAsync(60_000);
  expect(said).toEqual([
    ["a", refused],
    ["a", refused],
  ]);
  dialer.stop();
});
