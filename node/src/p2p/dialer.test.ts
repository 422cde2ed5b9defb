import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { createDialer } from "./dialer.ts";

it("tells of each attempt that failed, with its reason, and of the connection that another made", async () => {
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
    failed: (...x) => void said.push(x),
    reached: (id) => void said.push(id),
  });
  dialer.start();
  await clock.advanceAsync(10_000);
  expect(dialed).toBeGreaterThan(4);
  expect(said).toEqual(Array.from({ length: dialed }, () => ["a", refused]));
  said.length = 0;
  connected.add("a");
  await clock.advanceAsync(20_000);
  expect(said).toEqual(["a"]);
  connected.clear();
  dialer.lost("a");
  await clock.advanceAsync(10_000);
  expect(said.slice(0, 2)).toEqual(["a", ["a", refused]]);
  dialer.stop();
});
