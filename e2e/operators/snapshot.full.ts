/** A snapshot taken while a validator works, restored where another lost all but its key, and where one was away; a snapshot that was changed. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, reach, requireOneChain, votedAfter } from "../harness/chain.ts";
import { launcher, type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { startProcess } from "../harness/processes.ts";
import { createSeededRandom } from "../harness/random.ts";
import { startTraffic, type Traffic } from "../harness/traffic.ts";

const random = createSeededRandom("snapshot");
const [giver, emptied, away] = random.shuffle([0, 1, 2, 3]) as [number, number, number];
let devnet: RunningDevnet;
let traffic: Traffic;
let snapshot = "";

beforeAll(async () => {
  devnet = await startDevnet(["--block-time", "0.2"]);
  snapshot = join(devnet.folder, "snapshot");
  traffic = await startTraffic(devnet, [0, 1], 500);
});
afterAll(async () => {
  await traffic?.stop();
  await devnet?.destroy();
});

const folderOf = (index: number) => devnet.validators[index]?.datadir as string;
const urlOf = (index: number) => devnet.rpcUrls[index] as string;
const noema = (...args: string[]) => startProcess(process.execPath, [launcher, "snapshot", ...args]).ended;
const take = (out: string) => noema("create", "--datadir", folderOf(giver), "--out", out);
const restore = (index: number, from = snapshot) => noema("restore", from, "--datadir", folderOf(index));
const votesOf = (index: number) => readdirSync(join(folderOf(index), "votes"));

async function votesAgain(index: number): Promise<void> {
  await devnet.restart(index);
  const target = await heightOf(urlOf(giver));
  await reach([urlOf(index)], target);
  await votedAfter([urlOf(giver)], index, target);
  await requireOneChain(devnet.rpcUrls);
}

it("is taken while the validator executes, and says what it holds", async () => {
  await traffic.included(urlOf(giver), 20);
  const before = await heightOf(urlOf(giver));
  const { code, output } = await take(snapshot);
  expect([code, output]).toEqual([0, expect.stringContaining("height")]);
  const manifest = JSON.parse(readFileSync(join(snapshot, "manifest.json"), "utf8"));
  expect(manifest.height).toBeGreaterThanOrEqual(before);
  expect(readdirSync(snapshot).sort()).toEqual(["chain.mdb", "manifest.json", "state.mdb"]);
  expect((await take(snapshot)).output).toContain("CLI_OUTPUT_EXISTS");
});

it("is refused by a running node, by one that is ahead, and where a byte of it is another", async () => {
  expect((await restore(emptied)).output).toContain("DATADIR_LOCKED");
  await reach([urlOf(away)], JSON.parse(readFileSync(join(snapshot, "manifest.json"), "utf8")).height + 1);
  await devnet.kill(away);
  expect((await restore(away)).output).toContain("SNAPSHOT_OLDER");
  const state = join(snapshot, "state.mdb");
  const bytes = readFileSync(state);
  const at = random.below(bytes.length);
  process.stdout.write(`  byte ${at} of ${bytes.length} is changed\n`);
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(state, bytes);
  for (const name of ["chain.mdb", "state.mdb"]) rmSync(join(folderOf(away), name));
  expect((await restore(away)).output).toContain("SNAPSHOT_INVALID");
  expect(existsSync(join(folderOf(away), "chain.mdb"))).toBe(false);
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(state, bytes);
});

it("brings one that lost its stores to the others, with its own record of what it signed", async () => {
  const votes = votesOf(away);
  expect(await restore(away)).toMatchObject({ code: 0 });
  expect(votesOf(away)).toEqual(votes);
  await votesAgain(away);
});

it("brings one that lost all but its key to the others; it votes once they have told where it stood", async () => {
  await devnet.kill(emptied);
  const kept = ["keys", "config.json", "genesis-hash", "version", "node.log"];
  for (const name of readdirSync(folderOf(emptied)))
    if (!kept.includes(name)) rmSync(join(folderOf(emptied), name), { recursive: true, force: true });
  expect(await restore(emptied)).toMatchObject({ code: 0 });
  await votesAgain(emptied);
  expect(readFileSync(join(folderOf(emptied), "node.log"), "utf8")).toContain("the vote log is missing");
});

it("nobody saw a contradiction", () => {
  for (const { datadir } of devnet.validators)
    expect(readFileSync(join(datadir, "node.log"), "utf8")).not.toMatch(/"level":"error"|equivocat/);
});
