/** The pages that alerts name (docs/operate): each fault is made, seen by the metric that its alert looks at, and mended by the page's commands. */
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createWalletClient, http, parseEther } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, reach, readiness, requireOneChain, votedAfter } from "../harness/chain.ts";
import { rpc } from "../harness/devnet.ts";
import { plantWei } from "../harness/plant.ts";
import { until } from "../harness/wait.ts";
import { gatherOperators, NAMES, type Operators } from "./gather.ts";
import { blocksIn, run, start } from "./page.ts";

const holder = privateKeyToAccount(generatePrivateKey());
let all: Operators;

beforeAll(async () => {
  all = await gatherOperators(holder.address);
  await all.found();
});
afterAll(() => all?.leave());

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
