/** A node without a key beside a devnet: it comes late, follows, serves reads, passes sends on, and signs nothing. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { claimPortBlock } from "@noema/node/testing/port-block";
import { createWalletClient, http, parseEther } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, reach, requireOneChain } from "../harness/chain.ts";
import { launcher, type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { startProcess } from "../harness/processes.ts";
import { until } from "../harness/wait.ts";

let devnet: RunningDevnet;
let follower: ReturnType<typeof startProcess>;
let url = "";
let datadir = "";
let release = () => {};

beforeAll(async () => {
  devnet = await startDevnet(["--block-time", "0.2"]);
  await reach(devnet.rpcUrls, 70); // past an epoch's end
  const theirs = JSON.parse(readFileSync(join(devnet.validators[0]?.datadir as string, "config.json"), "utf8"));
  const claimed = await claimPortBlock(3);
  release = claimed.release;
  const [rpcPort, metricsPort, p2pPort] = claimed.ports as [number, number, number];
  datadir = join(devnet.folder, "data", "follower");
  url = `http://127.0.0.1:${rpcPort}`;
  const config = {
    genesis: join(devnet.validators[0]?.datadir as string, theirs.genesis),
    datadir,
    follow: true,
    rpc: { port: rpcPort },
    metrics: { port: metricsPort },
    p2p: { port: p2pPort, peers: theirs.p2p.peers },
    logFile: join(devnet.folder, "data", "follower.log"),
  };
  const path = join(devnet.folder, "data", "follower.json");
  writeFileSync(path, JSON.stringify(config));
  follower = startProcess(process.execPath, [launcher, "start", "--config", path]);
});
afterAll(async () => {
  follower?.child.kill("SIGINT");
  await follower?.ended;
  release();
  rmSync(datadir, { recursive: true, force: true });
  await devnet?.destroy();
});

it("comes to where the others are and goes on with them, with the same blocks", async () => {
  await until(() => rpc(url, "eth_blockNumber").then(() => true, () => false), () => follower.output()); // biome-ignore format: one line
  const target = await heightOf(devnet.rpcUrl);
  await reach([url], target + 10);
  await requireOneChain([...devnet.rpcUrls, url]);
  expect(await rpc(url, "noema_nodeInfo")).toMatchObject({ validatorIndex: null });
  expect(await rpc(url, "noema_consensusStatus")).toMatchObject({ state: "synced", self: null });
});

it("passes a transaction on to the validators, and serves its receipt", async () => {
  const [from, to] = devnet.accounts;
  if (from === undefined || to === undefined) throw new Error("a devnet has accounts");
  const account = privateKeyToAccount(from.privateKey);
  const wallet = createWalletClient({ account, transport: http(url) });
  const hash = await wallet.sendTransaction({ chain: null, to: to.address, value: parseEther("1") });
  const receiptAt = (at: string) => rpc<{ status: string; blockHash: string } | null>(at, "eth_getTransactionReceipt", hash);
  await until(async () => (await receiptAt(url)) !== null, () => follower.output()); // biome-ignore format: one line
  expect(await receiptAt(url)).toMatchObject({ status: "0x1" });
  await until(async () => (await receiptAt(devnet.rpcUrl)) !== null, () => follower.output()); // biome-ignore format: one line
  expect((await receiptAt(url))?.blockHash).toBe((await receiptAt(devnet.rpcUrl))?.blockHash);
});

it("has made no validator's key and has told of no error", () => {
  expect(existsSync(join(datadir, "keys", "validator.json"))).toBe(false);
  expect(readFileSync(join(devnet.folder, "data", "follower.log"), "utf8")).not.toContain('"level":"error"');
});
