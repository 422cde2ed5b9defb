import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { createDialer } from "./dialer.ts";

function setUp(dial: () => Promise<void>) {
  const clock = createSimClock();
  const [said, connected]: [unknown[], Set<string>] = [[], new Set()];
  const dialer = createDialer(["a"], {
    clock,
    random: createSeededRandom(1),
    selfId: "b",
    connected: (id) => connected.has(id),
    bannedMs: () => 0,
    dial,
    failed: (_, reason) => void said.push([clock.nowMs(), reason]),
    waits: (id) => void said.push([clock.nowMs(), `waits for ${id}`]),
  });
  return { clock, said, connected, dialer };
}

it("tells of each attempt that failed, with its reason, and dials no peer that another has connected", async () => {
  const refused = new Error("refused");
  let dialed = 0;
  const { clock, said, connected, dialer } = setUp(async () => {
    dialed++;
    throw refused;
  });
  dialer.start();
  await clock.advanceAsync(10_000);
  expect(dialed).toBeGreaterThan(4);
  expect(said).toEqual(Array.from({ length: dialed }, () => [expect.any(Number), refused]));
  connected.add("a");
  await clock.advanceAsync(20_000);
  said.length = 0;
  await clock.advanceAsync(20_000);
  expect(said).toEqual([]);
  connected.clear();
  dialer.lost("a");
  await clock.advanceAsync(10_000);
  expect(said[0]).toEqual([expect.any(Number), refused]);
  dialer.stop();
});

it("a reason that has become another is told within 5 s, also that of an attempt that does not end", async () => {
  let dial = async () => {
    throw new Error("refused");
  };
  const { clock, said, dialer } = setUp(() => dial());
  dialer.start();
  await clock.advanceAsync(60_000);
  const attempts = said.splice(0).map((x) => (x as [number])[0]);
  const since = clock.nowMs();
  expect(Math.max(...attempts.slice(1).map((at, i) => at - (attempts[i] as number)))).toBeLessThan(5000);
  dial = () => new Promise(() => {});
  await clock.advanceAsync(5000);
  expect(said).toEqual([[expect.any(Number), "waits for a"]]);
  expect((said[0] as [number])[0] - since).toBeLessThan(5000);
  dialer.stop();
});
