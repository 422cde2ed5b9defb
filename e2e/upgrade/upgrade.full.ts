/**
 * From the version on which the life of an operator's node began to this one, validator by validator, under load: its folders are opened, two
 * old and two new agree, deaths of either in between, and all have the same roots. NOEMA_UPGRADE_LOAD: transactions that each step waits for.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heightOf, requireOneChain, votedAfter } from "../harness/chain.ts";
import { launcher as launcherOfNow } from "../harness/devnet.ts";
import { createSeededRandom } from "../harness/random.ts";
import { startTraffic, type Traffic } from "../harness/traffic.ts";
import { foundNetwork, type Network } from "./network.ts";
import { type OldVersion, oldCommit, unpackVersion } from "./old-version.ts";

const LOAD = Number(process.env.NOEMA_UPGRADE_LOAD ?? 40);
const random = createSeededRandom("upgrade");
const [first, second, third, fourth] = random.shuffle([0, 1, 2, 3]) as [number, number, number, number];
const commit = oldCommit();
if (commit === undefined)
  process.stdout.write("  skipped: neither the tag v0.1.0 nor its commit is in this clone's history (git fetch --unshallow --tags)\n");

let old: OldVersion;
let network: Network;
let traffic: Traffic;
const versionOf = (index: number) => {
  const file = join(network.folderOf(index), "version");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "none";
};

async function voteAll(): Promise<void> {
  const from = Math.max(...(await Promise.all(network.urls.map((url) => heightOf(url)))));
  for (const index of [first, second, third, fourth]) await votedAfter(network.urls, index, from);
}

async function upgrade(index: number): Promise<void> {
  expect(versionOf(index)).toBe("none");
  const { ms, code } = await network.stop(index, "SIGTERM");
  expect(code).toBe(0);
  process.stdout.write(`  validator ${index} of the old version ended ${ms} ms after SIGTERM\n`);
  await network.start(index, launcherOfNow);
  expect(versionOf(index)).toBe("2");
}

describe.skipIf(commit === undefined)("from v0.1.0", () => {
  beforeAll(async () => {
    old = unpackVersion(commit as string);
    network = await foundNetwork(old.launcher);
    for (const index of [0, 1, 2, 3]) await network.start(index, old.launcher);
    traffic = await startTraffic(network.target, [0, 1, 2, 3], 1000);
  });
  afterAll(async () => {
    await traffic?.stop();
    await network?.destroy();
    old?.remove();
  });
  const loaded = (index: number) => traffic.included(network.urls[index] as string, LOAD);

  it("two of four go to this version in their folders, and the two and two agree", async () => {
    await loaded(first);
    await upgrade(first);
    await upgrade(second);
    await Promise.all([first, third].map(loaded));
    await voteAll();
    await requireOneChain(network.urls);
  });

  it.each([
    ["an old one", third, () => old.launcher],
    ["a new one", first, () => launcherOfNow],
  ])("goes on after kill -9 of %s, which comes back", async (_, victim, launcher) => {
    await network.stop(victim, "SIGKILL");
    await loaded(second);
    await network.start(victim, launcher());
    await loaded(victim);
    await voteAll();
    await requireOneChain(network.urls);
  });

  it("the other two follow, and all four have one chain", async () => {
    await upgrade(third);
    await upgrade(fourth);
    await loaded(fourth);
    await voteAll();
    const height = await requireOneChain(network.urls);
    const { ms, code } = await network.stop(first, "SIGTERM");
    expect(code).toBe(0);
    process.stdout.write(
      `  ${height} blocks, ${traffic.accepted.length} transactions; validator ${first} of this version ended ${ms} ms after SIGTERM\n`,
    );
    await network.start(first, launcherOfNow);
    expect(traffic.refused).toEqual([]);
  });

  it("nobody told of an error, of another version or of an equivocation", () => {
    for (const index of [0, 1, 2, 3]) expect(network.logOf(index)).not.toMatch(/"level":"error"|P2P_VERSION_MISMATCH|equivocat/);
  });
});
