/** Two of four validators, one after the other, are killed with -9 under traffic: the chain goes on; restarted, each catches up and votes. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, nextBlockMs, reach, receiptsOf, requireOneChain, votedAfter } from "../harness/chain.ts";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { createSeededRandom } from "../harness/random.ts";
import { startTraffic, type Traffic } from "../harness/traffic.ts";

/** Transactions included before each death and after it. */
const [BEFORE, AFTER] = [5, 12];
const random = createSeededRandom("one-dies");
let devnet: RunningDevnet;
let traffic: Traffic;

beforeAll(async () => {
  devnet = await startDevnet(["--block-time", "0.2"]);
  traffic = await startTraffic(devnet, [0, 1, 2, 3, 4, 5], 300);
});
afterAll(async () => {
  await traffic?.stop();
  await devnet?.destroy();
});

it.each(random.shuffle([0, 1, 2, 3]).slice(0, 2))("validator %i dies and comes back", async (victim) => {
  const living = devnet.rpcUrls.filter((_, i) => i !== victim);
  const [witness] = living as [string];
  await traffic.included(witness, BEFORE);
  await devnet.kill(victim);
  const halted = await nextBlockMs(witness);
  await traffic.included(witness, AFTER);

  await devnet.restart(victim);
  const target = await heightOf(witness);
  await reach([devnet.rpcUrls[victim] as string], target);
  const voted = await votedAfter(living, victim, target);
  process.stdout.write(`  validator ${victim}: next block ${Math.round(halted)} ms after the kill, back at ${target}, voted at ${voted}\n`);
});

it("included all that was accepted, on one chain", async () => {
  await traffic.stop();
  const hashes = traffic.accepted.map((x) => x.hash);
  expect(traffic.refused).toEqual([]);
  expect(hashes.length).toBeGreaterThanOrEqual(2 * (BEFORE + AFTER));
  const receipts = await receiptsOf(devnet.rpcUrl, hashes);
  await reach(devnet.rpcUrls, Math.max(...[...receipts.values()].map((x) => Number(x.blockNumber))));
  expect(await requireOneChain(devnet.rpcUrls)).toBeGreaterThanOrEqual(2 * 2); // the blocks before and after each death
});
