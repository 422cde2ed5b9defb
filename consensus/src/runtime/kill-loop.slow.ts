/** Kills at random moments, with torn log tails' worst case (all that was not synced is gone), under loss: one chain, and it goes on. */
import { to0x } from "@noema/core/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { expect, test } from "vitest";
import { createCluster } from "./testing/cluster.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];

test.each(SEEDS)("seed %i", async (seed) => {
  const random = createSeededRandom(seed);
  const cluster = await createCluster(4, { keys: "keyed", section: { epochLength: 12 }, random: random.fork("network") });
  const chain = new Map<number, string>();
  const alive = () => cluster.members.filter((m) => m !== undefined);
  const top = () => Math.max(0, ...alive().map((m) => m.consensus.status().height));
  function check(): void {
    for (const { consensus, ended } of alive()) {
      expect(ended).toBeUndefined(); // own votes of an earlier life are no twin's
      const { height } = consensus.status();
      for (let at = Math.max(1, height - 5); at <= height; at++) {
        const hash = to0x(consensus.block(at)?.hash ?? new Uint8Array());
        expect(chain.get(at) ?? hash).toBe(hash);
        chain.set(at, hash);
      }
    }
  }
  for (let i = 0; i < 4; i++) await cluster.start(i);
  cluster.network.setLoss(0.1);
  for (let round = 0; round < 25; round++) {
    await cluster.clock.advanceAsync(random.integer(1500));
    check();
    const victim = random.integer(4);
    if (cluster.members[victim] === undefined) await cluster.start(victim);
    else await cluster.members[victim]?.kill();
  }
  cluster.network.setLoss(0);
  for (let i = 0; i < 4; i++) if (cluster.members[i] === undefined) await cluster.start(i);
  const goal = top() + 15;
  await cluster.until(() => alive().every((m) => m.consensus.status().executed >= goal), 200_000);
  check();
  await cluster.stop();
});
