/**
 * A validator's key in a second process, under load: copied with its whole data directory, or alone into a fresh one. Each twin refuses
 * with KEY_IN_USE, and the other validators see no two votes that contradict each other. A second process on the same directory is
 * refused before it has opened a log.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { genesisHash, parseGenesis } from "@noema/core/genesis";
import { loadValidatorKey } from "@noema/node/keys/validator-key";
import { initValidator } from "@noema/node/setup";
import { claimPortBlock } from "@noema/node/testing/port-block";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, reach, requireOneChain } from "../harness/chain.ts";
import { launcher, type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { startProcess } from "../harness/processes.ts";
import { createSeededRandom, roundsOf } from "../harness/random.ts";
import { startTraffic, type Traffic } from "../harness/traffic.ts";

const random = createSeededRandom("twins");
const victim = random.below(4);
let devnet: RunningDevnet;
let traffic: Traffic;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "noema-twin-"));
  devnet = await startDevnet(["--block-time", "0.2"]);
  traffic = await startTraffic(devnet, [0, 1, 2], 300);
  await traffic.included(devnet.rpcUrl, 5);
});
afterAll(async () => {
  await traffic?.stop();
  await devnet?.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const ownerFolder = () => devnet.validators[victim]?.datadir as string;
const genesisPath = () => join(devnet.folder, "data", "genesis.json");
const logsOf = (datadir: string) => readFileSync(join(datadir, "node.log"), "utf8");

function equivocations(): string[] {
  return devnet.validators.flatMap(({ datadir }) =>
    logsOf(datadir)
      .split("\n")
      .filter((line) => line.includes('"equivocation"')),
  );
}

/** A folder with the owner's configuration on ports of its own. */
async function configure(datadir: string): Promise<{ config: string; release(): void }> {
  const { ports, release } = await claimPortBlock(3);
  const made = JSON.parse(readFileSync(join(ownerFolder(), "config.json"), "utf8"));
  const [rpc, metrics, p2p] = ports;
  const config = join(datadir, "config.json");
  const own = {
    ...made,
    genesis: genesisPath(),
    models: join(dirname(genesisPath()), "models"),
    rpc: { ...made.rpc, port: rpc },
    metrics: { port: metrics },
    p2p: { ...made.p2p, port: p2p },
  };
  writeFileSync(config, JSON.stringify(own));
  return { config, release };
}

async function startTwin(datadir: string): Promise<void> {
  const { config, release } = await configure(datadir);
  const { ended } = startProcess(process.execPath, [launcher, "start", "--config", config]);
  const { code, output } = await ended;
  release();
  expect(code, output).toBe(1);
  expect(output).toContain("KEY_IN_USE");
}

async function freshTwin(name: string): Promise<string> {
  const datadir = join(folder, name);
  const genesis = parseGenesis(JSON.parse(readFileSync(genesisPath(), "utf8")));
  await initValidator(datadir, genesisHash(genesis), loadValidatorKey(ownerFolder()));
  return datadir;
}

function copiedTwin(name: string): string {
  const datadir = join(folder, name);
  cpSync(ownerFolder(), datadir, { recursive: true, filter: (path) => !path.startsWith(join(ownerFolder(), "lock")) });
  return datadir;
}

const ROUNDS = Array.from({ length: roundsOf(1) }, (_, i) => i + 1);

it.each(ROUNDS)("twins of both kinds are refused, round %i", async (round) => {
  await startTwin(await freshTwin(`fresh-${round}`));
  await startTwin(copiedTwin(`copy-${round}`));
  await reach(devnet.rpcUrls, (await heightOf(devnet.rpcUrl)) + 3);
  expect(equivocations()).toEqual([]);
});

it("the owner goes on, and restarts at once", async () => {
  expect(logsOf(ownerFolder())).not.toContain("KEY_IN_USE");
  await devnet.kill(victim);
  await devnet.restart(victim);
  await reach([devnet.rpcUrls[victim] as string], (await heightOf(devnet.rpcUrl)) + 3);
  expect(logsOf(ownerFolder())).not.toContain("KEY_IN_USE");
});

it("a fresh log beside votes that the others hold is refused when the owner has ended", async () => {
  await devnet.kill(victim);
  await startTwin(await freshTwin("late"));
  await devnet.restart(victim);
  await reach(devnet.rpcUrls, (await heightOf(devnet.rpcUrl)) + 3);
});

const UNSHARE = ["unshare", "--pid", "--net", "--fork", "--mount-proc", "--kill-child"];
const unshare = spawnSync(UNSHARE[0] as string, [...UNSHARE.slice(1), "true"]);
const WAYS = [
  { where: "beside it", wrap: [] as string[], permitted: true },
  { where: "in PID and network namespaces of its own", wrap: UNSHARE, permitted: unshare.status === 0 },
];

it.each(WAYS)("a second process on the same directory, $where, is refused, and changes no byte of it", async (way) => {
  if (!way.permitted) return void process.stdout.write(`  not tried: ${unshare.error?.message ?? unshare.stderr}\n`);
  const datadir = ownerFolder();
  process.kill(devnet.pidOf(victim), "SIGSTOP"); // so that its own writes are none
  const before = contents(datadir);
  const [command, ...args] = [...way.wrap, process.execPath, launcher, "start", "--config", join(datadir, "config.json")];
  const { code, output } = await startProcess(command as string, args as string[]).ended;
  expect(code, output).toBe(1);
  const owner = way.wrap.length === 0 ? `process ${devnet.pidOf(victim)}` : "a process of another container or PID namespace";
  expect(output).toContain(`is used by ${owner} (DATADIR_LOCKED)`);
  expect(contents(datadir)).toEqual(before);
  process.kill(devnet.pidOf(victim), "SIGCONT");
  await reach(devnet.rpcUrls, (await heightOf(devnet.rpcUrl)) + 3);
});

it("nobody saw two votes that contradict each other, and the chain is one", async () => {
  await traffic.stop();
  expect(equivocations()).toEqual([]);
  expect(await requireOneChain(devnet.rpcUrls)).toBeGreaterThan(1);
});

/** Hash of every file but the log for people. */
function contents(datadir: string): Record<string, string> {
  const files = readdirSync(datadir, { recursive: true, encoding: "utf8" }).filter(
    (x) => x !== "node.log" && statSync(join(datadir, x)).isFile(),
  );
  return Object.fromEntries(
    files.sort().map((x) => [
      x,
      createHash("sha256")
        .update(readFileSync(join(datadir, x)))
        .digest("hex"),
    ]),
  );
}
