/**
 * docs/operate/README.md word for word, but for its ports and one address: four operators in four empty folders, a full node, a crash, and a
 * key that moves. Nothing of a devnet is used.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimPortBlock } from "@noema/node/testing/port-block";
import { createWalletClient, http, parseEther } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, reach, requireOneChain, votedAfter } from "../harness/chain.ts";
import { rpc } from "../harness/devnet.ts";
import { lastLinesOf, type StartedProcess, watch } from "../harness/processes.ts";
import { until } from "../harness/wait.ts";
import { commandsOf, run, start } from "./page.ts";

const NAMES = ["alice", "bob", "carol", "dave"];
/** Operators, the full node, and the folder that the key moves to. */
const NODES = 6;
const holder = privateKeyToAccount(generatePrivateKey());

let root = "";
let ports: readonly number[] = [];
let release = () => {};
const nodes = new Map<string, StartedProcess>();
const unwatch: (() => void)[] = [];

const blocks = commandsOf();
/** Block i of the section whose heading begins so, with this test's ports and account. */
function block(heading: string, i = 0): string {
  const found = [...blocks].find(([name]) => name.startsWith(heading))?.[1][i];
  if (found === undefined) throw new Error(`docs/operate/README.md has no block ${i} below "${heading}"`);
  const mine = (kind: number, n: number) => String((ports[0] as number) + kind * NODES + n - 1);
  return found
    .replaceAll(/\b(8|9)([56])(4[4-9]|50)\b/g, (_, thousand, hundred, rest) => mine(hundred === "6" ? 2 : thousand === "9" ? 1 : 0, Number(rest) - 44)) // biome-ignore format: one line
    .replace(/0x0+fa0ce/, holder.address);
}
const folder = (name: string) => join(root, name);
const urlOf = (n: number) => `http://127.0.0.1:${(ports[0] as number) + n - 1}`;
const four = () => NAMES.map((_, i) => urlOf(i + 1));

function launch(name: string, command: string): void {
  const node = start(command, folder(name));
  nodes.set(name, node);
  unwatch.push(
    watch({
      lastWords: () => `${name}: ${node.output()}\n${lastLinesOf(join(folder(name), "node", "node.log"))}`,
      fault: () => (nodes.get(name) === node && node.ending() !== undefined ? `${name} ended: ${node.ending()}` : undefined),
    }),
  );
}
async function end(name: string, signal: NodeJS.Signals): Promise<void> {
  const node = nodes.get(name) as StartedProcess;
  nodes.delete(name);
  node.child.kill(signal);
  await node.ended;
}
const answers = (url: string) => fetch(`${url}/livez`).then((x) => x.ok, () => false); // biome-ignore format: one line
const logOf = (name: string) => readFileSync(join(folder(name), "node", "node.log"), "utf8");

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "noema-operators-"));
  ({ ports, release } = await claimPortBlock(3 * NODES));
});
afterAll(async () => {
  for (const name of [...nodes.keys()]) await end(name, "SIGTERM");
  for (const f of unwatch) f();
  release();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

it("four operators found a network, each from the registrations of all", async () => {
  await run(block("1."), root);
  const who = block("2.", 0).trim();
  expect(who).toBe("name=alice n=1");
  for (const [i, name] of NAMES.entries()) await run(`name=${name} n=${i + 1}\n${block("2.", 1)}`, root);
  const said: string[] = [];
  for (const name of NAMES) said.push(await run(block("3."), folder(name)));
  expect(new Set(said.map((x) => /genesis (0x[0-9a-f]{64})/.exec(x)?.[1])).size).toBe(1);
  expect(new Set(NAMES.map((name) => readFileSync(join(folder(name), "network.json"), "utf8"))).size).toBe(1);
  for (const [i, name] of NAMES.entries()) await run(`name=${name} n=${i + 1}\n${block("4.", 0)}`, folder(name));
  for (const name of NAMES) launch(name, block("4.", 1));
  await until(async () => (await Promise.all(four().map(answers))).every(Boolean), () => "not all answer"); // biome-ignore format: one line
  await reach(four(), 5);
  expect(await run(`n=1\n${block("4.", 2)}`, root)).toContain('"synced"');
});

it("a fifth joins with the network's file alone, and passes a transaction on", async () => {
  await run(block("5.", 0), root);
  launch("eve", block("5.", 1));
  await until(() => answers(urlOf(5)), () => "the full node does not answer"); // biome-ignore format: one line
  await reach([urlOf(5)], await heightOf(urlOf(1)));
  const wallet = createWalletClient({ account: holder, transport: http(urlOf(5)) });
  const hash = await wallet.sendTransaction({ chain: null, to: `0x${"7".repeat(40)}`, value: parseEther("1") });
  const receipt = () => rpc<{ status: string } | null>(urlOf(5), "eth_getTransactionReceipt", hash);
  await until(async () => (await receipt()) !== null, () => "no receipt"); // biome-ignore format: one line
  expect(await receipt()).toMatchObject({ status: "0x1" });
  expect(await rpc(urlOf(1), "eth_getBalance", `0x${"7".repeat(40)}`, "latest")).toBe("0xde0b6b3a7640000");
});

it("goes on after kill -9 by the command that started it", async () => {
  await end("carol", "SIGKILL");
  const without = await heightOf(urlOf(1));
  await reach([urlOf(1)], without + 3);
  launch("carol", block("4.", 1));
  await until(() => answers(urlOf(3)), () => "carol does not answer"); // biome-ignore format: one line
  await votedAfter(four(), await indexOf("carol"), await heightOf(urlOf(1)));
});

it("moves a key: the old folder refuses it, the new one votes, and nobody has seen a contradiction", async () => {
  const index = await indexOf("dave");
  await end("dave", "SIGTERM");
  await run(block("Another machine", 0), folder("dave"));
  const again = start(block("4.", 1), folder("dave"));
  expect((await again.ended).output).toContain("KEY_MOVED");
  await run("mkdir frank && cp dave/protection.json dave/keystore.json dave/password dave/network.json frank", root);
  await run(block("Another machine", 1), folder("frank"));
  launch("frank", block("Another machine", 2));
  await until(() => answers(urlOf(6)), () => "the moved validator does not answer"); // biome-ignore format: one line
  const there = [1, 2, 3, 6].map(urlOf);
  await votedAfter(there, index, await heightOf(urlOf(1)));
  await reach([...there, urlOf(5)], await heightOf(urlOf(1)));
  await requireOneChain([...there, urlOf(5)]);
  for (const name of ["alice", "bob", "carol", "eve", "frank"]) expect(logOf(name)).not.toMatch(/"level":"error"|equivocat/);
});

async function indexOf(name: string): Promise<number> {
  const { publicKey } = JSON.parse(readFileSync(join(folder(name), "registration.json"), "utf8"));
  const validators = await rpc<{ publicKey: string }[]>(urlOf(1), "noema_validators");
  return validators.findIndex((x) => x.publicKey === publicKey);
}
