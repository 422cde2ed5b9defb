/** A validator that lost what it had: its chain, several epochs behind; its vote log alone (consensus.md 2.8.5). */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, reach, requireOneChain, votedAfter } from "../harness/chain.ts";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { createSeededRandom } from "../harness/random.ts";
import { startTraffic, type Traffic } from "../harness/traffic.ts";

/** Blocks of an epoch of a devnet. */
const EPOCH = 64;
const random = createSeededRandom("late-joiner");
const [joiner, forgetful] = random.shuffle([0, 1, 2, 3]) as [number, number];
let devnet: RunningDevnet;
let traffic: Traffic;

beforeAll(async () => {
  devnet = await startDevnet(["--block-time", "0.1"]);
  traffic = await startTraffic(devnet, [0], 1000);
});
afterAll(async () => {
  await traffic?.stop();
  await devnet?.destroy();
});

const folderOf = (index: number) => devnet.validators[index]?.datadir as string;
const others = (index: number) => devnet.rpcUrls.filter((_, i) => i !== index);

async function catchesUpAndVotes(index: number): Promise<void> {
  const [witness] = others(index) as [string];
  await devnet.restart(index);
  const target = await heightOf(witness);
  await reach([devnet.rpcUrls[index] as string], target);
  const voted = await votedAfter([witness], index, target);
  process.stdout.write(`  validator ${index}: height ${target} reached, voted at ${voted}\n`);
}

it("one whose chain is gone, with three epochs behind, catches up and votes", async () => {
  await devnet.kill(joiner);
  await reach(others(joiner), 3 * EPOCH + 5);
  const kept = ["keys", "votes", "config.json", "genesis-hash", "node.log"];
  for (const name of readdirSync(folderOf(joiner)))
    if (!kept.includes(name)) rmSync(join(folderOf(joiner), name), { recursive: true, force: true });
  await catchesUpAndVotes(joiner);
  await requireOneChain(devnet.rpcUrls);
});

it("one whose vote log is gone says so, waits for the others, and votes in later rounds", async () => {
  await devnet.kill(forgetful);
  rmSync(join(folderOf(forgetful), "votes"), { recursive: true });
  await catchesUpAndVotes(forgetful);
  expect(readFileSync(join(folderOf(forgetful), "node.log"), "utf8")).toContain("the vote log is missing");
  await requireOneChain(devnet.rpcUrls);
});

it("with the former victims needed for the quorum, the chain goes on", async () => {
  const third = [0, 1, 2, 3].find((i) => i !== joiner && i !== forgetful) as number;
  await devnet.kill(third);
  const [witness] = others(third) as [string];
  // Across the start of an epoch: whoever voted above M + 1 abstains no more (consensus.md 2.8.5).
  await reach(others(third), (await heightOf(witness)) + EPOCH + 10);
});

it("wrote no error into any validator's log", () => {
  for (const { datadir, index } of devnet.validators) {
    const errors = readFileSync(join(datadir, "node.log"), "utf8")
      .split("\n")
      .filter((line) => line.includes('"level":"error"') || line.startsWith("noema start:"));
    expect(errors, `validator ${index}`).toEqual([]);
  }
});
