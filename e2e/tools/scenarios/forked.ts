/** Simulators that fork the node's chain: anvil and Hardhat's, at their defaults. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { address, privateKey } from "../accounts.ts";
import { openHardhat } from "../hardhat.ts";
import { cast, type RunningNode, rpc, startAnvilFork } from "../nodes.ts";
import { everyStep, type Scenario } from "../scenario.ts";
import { expect, type Steps } from "../steps.ts";

const TO = `0x${"f0".repeat(20)}`;
const MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11";
type Ask = (method: string, ...params: unknown[]) => Promise<unknown>;

/** What the chain had stands there, and goes its own way. */
async function compare(node: RunningNode, fork: Ask, steps: Steps): Promise<void> {
  await steps.step("block number, balance and code", async () => {
    for (const [method, ...params] of [
      ["eth_getBalance", TO, "latest"],
      ["eth_getTransactionCount", address(6), "latest"],
      ["eth_getCode", MULTICALL3, "latest"],
    ] as const) {
      const [own, forked] = await Promise.all([rpc<string>(node.url, method, ...params), fork(method, ...params)]);
      expect(own === forked, () => `${method}: ${String(forked).slice(0, 40)}, not ${own.slice(0, 40)}`);
    }
  });
  await steps.step("a block of before", async () => {
    const own = await rpc<{ hash: string }>(node.url, "eth_getBlockByNumber", "0x1", false);
    const forked = (await fork("eth_getBlockByNumber", "0x1", false)) as { hash: string };
    expect(forked.hash === own.hash, () => `${forked.hash}, not ${own.hash}`);
  });
  await steps.step("a transfer there, and none here", async () => {
    const before = await rpc<string>(node.url, "eth_getBalance", TO, "latest");
    await fork("eth_sendTransaction", { from: address(6), to: TO, value: "0x5" });
    const [own, forked] = await Promise.all([rpc<string>(node.url, "eth_getBalance", TO, "latest"), fork("eth_getBalance", TO, "latest")]);
    expect(own === before && BigInt(forked as string) === BigInt(before) + 5n, () => `${own} here and ${forked} there, from ${before}`);
  });
}

export const forkedScenario: Scenario = {
  name: "forked by anvil and by Hardhat",
  async run(node, steps) {
    for (let i = 0; i < 2; i++) await cast(node, "send", TO, "--value", "7", "--private-key", privateKey(6));
    const anvil = await steps.step("anvil --fork-url", () => startAnvilFork(node.url));
    if (anvil !== undefined)
      try {
        await compare(node, (method, ...params) => rpc(anvil.url, method, ...params), steps);
      } finally {
        await anvil.stop();
      }
    writeFileSync(join(node.folder, "package.json"), '{"type":"module"}\n'); // its cache lies beside it
    const forking = { type: "edr-simulated", chainType: "l1", chainId: 31337, forking: { url: node.url } };
    const hre = await openHardhat({ networks: { forked: forking } }, node.folder);
    const forked = await steps.step("a forking network of Hardhat's", () => hre.network.connect("forked"));
    if (forked === undefined) return;
    try {
      await compare(node, (method, ...params) => forked.provider.request({ method, params }), steps);
    } finally {
      await forked.close();
    }
  },
  judge: everyStep,
};
