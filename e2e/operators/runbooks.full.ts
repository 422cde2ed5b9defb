/** The pages that alerts name (docs/operate): each fault is made, seen by the metric that its alert looks at, and mended by the page's commands. */
import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mountSmallDisk } from "@noema/node/testing/small-disk";
import { createWalletClient, http, parseEther } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, reach, readiness, requireOneChain, votedAfter } from "../harness/chain.ts";
import { rpc } from "../harness/devnet.ts";
import { plantWei } from "../harness/plant.ts";
import { until } from "../harness/wait.ts";
import { gatherOperators, NAMES, type Operators } from "./gather.ts";
import { blocksIn, run, start } from "./page.ts";

/** Of the one whose disk is filled, so that a small disk will do. */
const RESERVE = 2 << 20;
const disk = mountSmallDisk(256 << 20);
if (disk === undefined) process.stdout.write("skipped: this process may not mount a small disk\n");
const holder = privateKeyToAccount(generatePrivateKey());
let all: Operators;

beforeAll(async () => {
  all = await gatherOperators(holder.address);
  await all.found();
});
afterAll(async () => {
  await all?.leave();
  disk?.remove();
});

const page = (name: string) => blocksIn(readFileSync(new URL(`../../docs/operate/${name}.md`, import.meta.url), "utf8"));
const nOf = (name: string) => NAMES.indexOf(name) + 1;
const urlOf = (name: string) => all.urlOf(nOf(name));
/** Block i of a page, as the operator of that folder runs it. */
const follow = (name: string, commands: string | undefined) => run(`n=${nOf(name)}\n${all.here(commands as string)}`, all.folder(name));

async function metric(name: string, line: string): Promise<number> {
  const text = await follow(name, "curl -s http://127.0.0.1:$((9544 + n))/metrics\n");
  return Number(
    text
      .split("\n")
      .find((x) => x.startsWith(`${line} `))
      ?.split(" ")[1],
  );
}
const untilMetric = (name: string, line: string, value: number) =>
  until(async () => (await metric(name, line)) === value, () => `${line} of ${name} is not ${value}`); // biome-ignore format: one line
const untilVotes = async (name: string) => {
  await all.untilUp(urlOf(name));
  await votedAfter(all.four(), await all.indexOf(name), await heightOf(urlOf("alice")));
};

it("monitoring: a node tells its metrics", async () => {
  expect(Number(await follow("alice", page("monitoring")[0]))).toBeGreaterThan(100);
});

it("missed votes: one that is down is seen by the others, and knows afterwards what it missed", async () => {
  const [ready, log, late] = page("missed-votes");
  expect(await metric("carol", "noema_consensus_validator_missed_blocks_total")).toBe(0);
  await all.end("carol", "SIGKILL");
  await untilMetric("alice", "noema_consensus_missing_validators", 1);
  await untilMetric("alice", `noema_consensus_validator_heard{validator="${await all.indexOf("carol")}"}`, 0);
  await reach([urlOf("alice")], (await heightOf(urlOf("alice"))) + 3);
  all.launch("carol");
  await untilVotes("carol");
  expect(await metric("carol", "noema_consensus_validator_missed_blocks_total")).toBeGreaterThanOrEqual(3);
  expect(await follow("carol", ready)).toContain('"synced"');
  expect(await follow("carol", log)).toContain('"level":');
  expect((await follow("carol", late)).trim().split("\n")).toHaveLength(6);
  await untilMetric("alice", "noema_consensus_missing_validators", 0);
});

it("a lost vote log: it says so, waits, and votes again by itself", async () => {
  const [look] = page("lost-vote-log");
  await all.end("bob", "SIGTERM");
  rmSync(join(all.folder("bob"), "node", "votes"), { recursive: true });
  all.launch("bob");
  await untilVotes("bob");
  const said = await follow("bob", look);
  expect(said).toContain("a log has lost records");
  expect(said).toContain("noema_consensus_log_lost 0");
});

it("a copied key: the copy ends with KEY_IN_USE, and the page finds the key", async () => {
  const [, list] = page("equivocation");
  cpSync(all.folder("bob"), all.folder("copy"), { recursive: true });
  const copy = start(`${all.block("4.", 1).trim()} --rpc-port 0 --metrics-port 0 --p2p-port 0\n`, all.folder("copy"));
  expect((await copy.ended).output).toContain("KEY_IN_USE");
  const [grep] = page("equivocation");
  expect(await run(grep as string, all.folder("copy"))).toContain("KEY_IN_USE");
  const { publicKey } = JSON.parse(readFileSync(join(all.folder("bob"), "registration.json"), "utf8"));
  for (const name of ["bob", "copy"]) expect(await run(list as string, all.folder(name))).toContain(publicKey);
  expect(await metric("alice", 'noema_consensus_equivocations_total{validator="0"}')).toBeNaN();
});

it("a diverged state: it is red with its code, and votes after reexecute", async () => {
  const [evidence, again] = page("diverged-state");
  await all.end("dave", "SIGTERM");
  await plantWei(join(all.folder("dave"), "node"), holder.address, "whole");
  all.launch("dave");
  await all.untilUp(urlOf("dave"));
  const wallet = createWalletClient({ account: holder, transport: http(urlOf("alice")) });
  await wallet.sendTransaction({ chain: null, to: `0x${"7".repeat(40)}`, value: parseEther("1") });
  await until(
    async () => JSON.stringify(await readiness(urlOf("dave"))).includes("EXEC_DIVERGED"),
    () => "the damaged node is not red",
  );
  expect(await metric("dave", 'noema_consensus_fault{code="EXEC_DIVERGED"}')).toBe(1);
  expect(await metric("dave", "noema_consensus_healthy")).toBe(0);
  expect(await follow("dave", evidence)).toMatch(/\.json/);
  await all.end("dave", "SIGTERM");
  await follow("dave", again);
  all.launch("dave");
  await untilVotes("dave");
  expect(await metric("dave", "noema_consensus_healthy")).toBe(1);
  await reach(all.four(), await heightOf(urlOf("alice")));
  await requireOneChain(all.four());
  expect(await rpc(urlOf("dave"), "eth_getBalance", `0x${"7".repeat(40)}`, "latest")).toBe("0xde0b6b3a7640000");
});

it("a halt: two of four are named, with why, and what ends it is said", async () => {
  const [look] = page("halted");
  for (const name of ["carol", "dave"]) await all.end(name, "SIGKILL");
  await untilMetric("alice", "noema_consensus_halted", 1);
  let said = "";
  await until(
    async () => {
      said = await follow("alice", look);
      return ["carol", "dave"].every((name) => said.includes(`"name":"${name}"`)) && said.includes('"cause":"halted: 2 of 4 validators');
    },
    () => `the page's commands do not say who is missing:\n${said}`,
  );
  for (const name of ["carol", "dave"]) all.launch(name);
  for (const name of ["carol", "dave"]) await all.untilUp(urlOf(name));
  for (const name of ["carol", "dave"]) await untilVotes(name);
  await untilMetric("alice", "noema_consensus_halted", 0);
  expect(await follow("alice", look)).toContain("goes on");
});

it("a clock that is behind: the node's own is named, with by how much", async () => {
  const [look] = page("clock");
  const behind = join(all.folder("carol"), "behind.mjs");
  writeFileSync(behind, "const now = Date.now;\nDate.now = () => now() - 90_000;\n");
  await all.end("carol", "SIGTERM");
  all.launch("carol", `export NODE_OPTIONS=--import=${behind}\n${all.block("4.", 1)}`);
  await all.untilUp(urlOf("carol"));
  let said = "";
  await until(
    async () => {
      said = await follow("carol", look);
      return said.includes("the clock of this machine is wrong");
    },
    () => `the page's commands do not say that its clock is wrong:\n${said}`,
  );
  const offset = await metric("carol", "noema_clock_offset_seconds");
  expect(offset).toBeLessThan(-80);
  expect(offset).toBeGreaterThan(-100);
  expect(Math.abs(await metric("alice", "noema_clock_offset_seconds"))).toBeLessThan(10);
  await all.end("carol", "SIGTERM");
  all.launch("carol");
  await untilVotes("carol");
});

/** Of the first meta page's mark: a start that maps the file without a look would end by a signal. */
function flip(name: string, store: string): void {
  const path = join(all.folder(name), "node", store);
  const bytes = readFileSync(path);
  bytes[24] = (bytes[24] as number) ^ 1;
  writeFileSync(path, bytes);
}
async function refusesToStart(name: string): Promise<void> {
  const { output } = await start(all.block("4.", 1), all.folder(name)).ended;
  expect(output).toContain("STORE_CORRUPT");
}

it("a damaged state is made anew from the blocks", async () => {
  const [again] = page("store-corrupt");
  await all.end("dave", "SIGTERM");
  flip("dave", "state.mdb");
  await refusesToStart("dave");
  const [reexecute, go] = (again as string).trim().split("\n");
  await follow("dave", `${reexecute}\n`);
  all.launch("dave", `${go}\n`);
  await untilVotes("dave");
});

it("a damaged chain comes from another node, whole", async () => {
  const [, copy] = page("store-corrupt");
  await all.end("dave", "SIGTERM");
  flip("dave", "chain.mdb");
  await refusesToStart("dave");
  await all.end("carol", "SIGTERM");
  symlinkSync(join(all.folder("carol"), "node"), join(all.folder("dave"), "other"));
  const [fetch, go] = (copy as string).trim().split("\n");
  await follow("dave", `${fetch}\n`);
  all.launch("carol");
  all.launch("dave", `${go}\n`);
  for (const name of ["carol", "dave"]) await all.untilUp(urlOf(name));
  for (const name of ["carol", "dave"]) await untilVotes(name);
  await requireOneChain(all.four());
});

it.skipIf(disk === undefined)("a full disk: it says so, votes for nothing, and goes on by itself when there is room", async () => {
  if (disk === undefined) return;
  const [look] = page("disk-full");
  const datadir = join(all.folder("dave"), "node");
  await all.end("dave", "SIGTERM");
  cpSync(datadir, disk.path, { recursive: true });
  renameSync(datadir, `${datadir}.before`);
  symlinkSync(disk.path, datadir);
  all.launch("dave", `export NOEMA_DISK_RESERVE=${RESERVE}\n${all.block("4.", 1)}`);
  await untilVotes("dave");
  disk.fill(RESERVE >> 1);
  await until(
    async () => /^DISK_FULL: /.test((await readiness(urlOf("dave"))).body.cause ?? ""),
    () => "the node does not say that its disk is full",
  );
  const said = await follow("dave", look);
  expect(said).toContain("state.mdb");
  expect(Number(/^noema_store_disk_free_bytes (\S+)$/m.exec(said)?.[1])).toBeLessThan(RESERVE);
  disk.empty();
  await untilVotes("dave");
});
