/** docs/operate/README.md: four operators in four empty folders, a full node, a crash, and a key that moves. */
import { createWalletClient, http, parseEther } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, reach, requireOneChain, votedAfter } from "../harness/chain.ts";
import { rpc } from "../harness/devnet.ts";
import { until } from "../harness/wait.ts";
import { gatherOperators, type Operators } from "./gather.ts";
import { run, start } from "./page.ts";

const holder = privateKeyToAccount(generatePrivateKey());
let all: Operators;

beforeAll(async () => {
  all = await gatherOperators(holder.address);
});
afterAll(() => all?.leave());

it("four operators found a network, each from the registrations of all", async () => {
  await all.found();
  expect(await run(`n=1\n${all.block("4.", 2)}`, all.root)).toContain('"synced"');
});

it("a fifth joins with the network's file alone, and passes a transaction on", async () => {
  const [alice, eve] = [all.urlOf(1), all.urlOf(5)];
  await run(all.block("5.", 0), all.root);
  all.launch("eve", all.block("5.", 1));
  await all.untilUp(eve);
  await reach([eve], await heightOf(alice));
  const wallet = createWalletClient({ account: holder, transport: http(eve) });
  const hash = await wallet.sendTransaction({ chain: null, to: `0x${"7".repeat(40)}`, value: parseEther("1") });
  const receipt = () => rpc<{ status: string } | null>(eve, "eth_getTransactionReceipt", hash);
  await until(async () => (await receipt()) !== null, () => "no receipt"); // biome-ignore format: one line
  expect(await receipt()).toMatchObject({ status: "0x1" });
  expect(await rpc(alice, "eth_getBalance", `0x${"7".repeat(40)}`, "latest")).toBe("0xde0b6b3a7640000");
});

it("goes on after kill -9 by the command that started it", async () => {
  const alice = all.urlOf(1);
  await all.end("carol", "SIGKILL");
  await reach([alice], (await heightOf(alice)) + 3);
  all.launch("carol");
  await all.untilUp(all.urlOf(3));
  await votedAfter(all.four(), await all.indexOf("carol"), await heightOf(alice));
});

it("moves a key: the old folder refuses it, the new one votes, and nobody has seen a contradiction", async () => {
  const index = await all.indexOf("dave");
  await all.end("dave", "SIGTERM");
  await run(all.block("Another machine", 0), all.folder("dave"));
  const again = start(all.block("4.", 1), all.folder("dave"));
  expect((await again.ended).output).toContain("KEY_MOVED");
  await run("mkdir frank && cp dave/protection.json dave/keystore.json dave/password dave/network.json frank", all.root);
  await run(all.block("Another machine", 1), all.folder("frank"));
  all.launch("frank", all.block("Another machine", 2));
  await all.untilUp(all.urlOf(6));
  const there = [1, 2, 3, 6].map(all.urlOf);
  await votedAfter(there, index, await heightOf(all.urlOf(1)));
  await reach([...there, all.urlOf(5)], await heightOf(all.urlOf(1)));
  await requireOneChain([...there, all.urlOf(5)]);
  for (const name of ["alice", "bob", "carol", "eve", "frank"]) expect(all.logOf(name)).not.toMatch(/"level":"error"|equivocat/);
});
