/** A transfer and the wait for it, at the library's own polling, one after the other and from eight accounts at once. */
import { createRequire } from "node:module";
import { JsonRpcProvider, NonceManager, type Signer, Wallet } from "ethers";
import { createPublicClient, createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { address, privateKey } from "../accounts.ts";
import type { NodeName, RunningNode } from "../nodes.ts";
import type { Scenario } from "../scenario.ts";
import { median, type Result } from "../steps.ts";

const SIDE_BY_SIDE = 8;
const TO = address(9);

type Sender = { sendAndWait(): Promise<void>; close(): void };

function ethersSender(signer: (provider: JsonRpcProvider, index: number) => Promise<Signer>) {
  return async (node: RunningNode, index: number): Promise<Sender> => {
    const provider = new JsonRpcProvider(node.url);
    const from = await signer(provider, index);
    const sendAndWait = async () => {
      const receipt = await (await from.sendTransaction({ to: TO, value: 1n })).wait();
      if (receipt?.status !== 1) throw new Error(`status ${receipt?.status}`);
    };
    return { sendAndWait, close: () => provider.destroy() };
  };
}

async function viemSender(node: RunningNode, index: number): Promise<Sender> {
  const options = { chain: foundry, transport: http(node.url) };
  const wallet = createWalletClient({ ...options, account: privateKeyToAccount(privateKey(index)) });
  const client = createPublicClient(options);
  const sendAndWait = async () => {
    const receipt = await client.waitForTransactionReceipt({ hash: await wallet.sendTransaction({ to: TO, value: 1n }) });
    if (receipt.status !== "success") throw new Error(receipt.status);
  };
  return { sendAndWait, close: () => {} };
}

/** Without its types: the type check must not need the tools. */
const { Web3 } = createRequire(import.meta.url)("web3");

/** web3.js waits within the send itself. */
async function web3Sender(node: RunningNode, index: number): Promise<Sender> {
  const web3 = new Web3(node.url);
  const { address: from } = web3.eth.accounts.wallet.add(privateKey(index))[0] as { address: string };
  return { sendAndWait: async () => void (await web3.eth.sendTransaction({ from, to: TO, value: 1 })), close: () => {} };
}

const senders = {
  // ethers keeps what it asked for 250 ms, the nonce too: a script that sends faster than that must count for itself.
  "ethers Wallet": ethersSender(async (provider, index) => new NonceManager(new Wallet(privateKey(index), provider))),
  "ethers JsonRpcSigner": ethersSender((provider, index) => provider.getSigner(index)),
  viem: viemSender,
  "web3.js": web3Sender,
};

function waits(name: string, open: (node: RunningNode, index: number) => Promise<Sender>, lanes: number): Scenario {
  return {
    name: `wait: ${name}, ${lanes === 1 ? "alone" : `${lanes} side by side`}`,
    async run(node, steps, { count }) {
      const opened = await Promise.all(Array.from({ length: lanes }, (_, i) => open(node, i)));
      const each = Math.ceil(count / lanes);
      const lane = async (sender: Sender) => {
        for (let i = 0; i < each; i++) await steps.step("send and wait", sender.sendAndWait);
      };
      await Promise.all(opened.map(lane));
      for (const sender of opened) sender.close();
    },
    judge: judgeWaits,
  };
}

/** The times that a wait may take: twice anvil's where a validator is alone, this where four vote. */
const VOTING_MS = 600;

function judgeWaits(result: Result, node: NodeName, anvil: Result | undefined): string[] {
  const missed = result.failed === 0 ? [] : [`${result.failed} failed, of these ${result.hung} hung`];
  const ms = median(result.times);
  const limit = node === "noema-4" ? VOTING_MS : anvil && 2 * median(anvil.times);
  if (limit !== undefined && !(ms <= limit)) missed.push(`median ${ms.toFixed(0)} ms, allowed ${limit.toFixed(0)} ms`);
  return missed;
}

export const waitScenarios = Object.entries(senders).flatMap(([name, open]) => [waits(name, open, 1), waits(name, open, SIDE_BY_SIDE)]);
