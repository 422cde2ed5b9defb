import { expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { networkCompliance } from "./compliance/network.ts";
import { createKeyedValidators } from "./keyed-scheme.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createSimClock } from "./sim-clock.ts";
import { createSimNetwork, type SimNetwork } from "./sim-network.ts";

const keys = createKeyedValidators([1n, 1n, 1n, 1n]).signers.map((x) => x.publicKey);

networkCompliance("simulated, no clock", keys, async (count) => {
  const network = createSimNetwork();
  const networks = Array.from({ length: count }, (_, i) => network.join(`peer${i}`, keys[i]));
  return { networks, close: async () => {} };
});

networkCompliance("simulated, random delays", keys, async (count) => {
  const clock = createSimClock();
  const random = createSeededRandom("delays");
  const network = createSimNetwork({ clock, random, delayMs: () => random.integer(50) });
  const networks = Array.from({ length: count }, (_, i) => network.join(`peer${i}`, keys[i]));
  let running = true;
  const run = () => {
    clock.advance(10);
    if (running) setImmediate(run);
  };
  run();
  return {
    networks,
    close: async () => {
      running = false;
    },
  };
});

function pairOf(network: SimNetwork) {
  const a = network.join("a", keys[0]);
  const b = network.join("b", keys[1]);
  const got: string[] = [];
  b.onFrame("data", (_, frame) => {
    got.push(Buffer.from(frame).toString());
    return { ok: true };
  });
  return { a, b, got };
}

it("drops frames between partitions until healed", () => {
  const clock = createSimClock();
  const network = createSimNetwork({ clock, delayMs: () => 10 });
  const { a, got } = pairOf(network);
  network.partition([["a"], ["b"]]);
  expect(a.send("b", "data", utf8("lost"))).toBe(true);
  clock.advance(20);
  network.heal();
  a.send("b", "data", utf8("kept"));
  clock.advance(9);
  expect(got).toEqual([]);
  clock.advance(1);
  expect(got).toEqual(["kept"]);
});

it("loses about the share it is told to, the same with the same seed", () => {
  const run = () => {
    const clock = createSimClock();
    const network = createSimNetwork({ clock, random: createSeededRandom("loss"), loss: 0.4 });
    const { a, got } = pairOf(network);
    for (let i = 0; i < 1000; i++) a.send("b", "data", utf8(String(i)));
    clock.advance(1);
    return got;
  };
  const got = run();
  expect(got.length).toBeGreaterThan(500);
  expect(got.length).toBeLessThan(700);
  expect(run()).toEqual(got);
});

it("delivers nothing to or from a peer that left, and lets it join again", () => {
  const clock = createSimClock();
  const network = createSimNetwork({ clock, delayMs: () => 10 });
  const { a, b, got } = pairOf(network);
  a.send("b", "data", utf8("in flight"));
  b.leave();
  clock.advance(20);
  expect(got).toEqual([]);
  expect(a.peers()).toEqual([]);
  network.join("b", keys[1]);
  expect(a.peers()).toEqual([{ id: "b", publicKey: keys[1] }]);
});
