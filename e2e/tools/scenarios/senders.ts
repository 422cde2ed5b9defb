/** What sends a transfer and waits for it, at each library's own polling. */
import { createRequire } from "node:module";
import { JsonRpcProvider, NonceManager, type Signer, Wallet } from "ethers";
import { createPublicClient, createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { address, privateKey } from "../accounts.ts";
import type { RunningNode } from "../nodes.ts";

const TO = address(9);

export type Sender = { sendAndWait(): Promise<void>; close(): void };

/** Opens one sender for each of the first accounts. */
export type Open = (node: RunningNode, lanes: number) => Promise<Sender[]>;

function apart(open: (node: RunningNode, index: number) => Promise<Sender>): Open {
  return (node, lanes) => Promise.all(Array.from({ length: lanes }, (_, index) => open(node, index)));
}

function ethersSender(signer: (provider: JsonRpcProvider, index: number) => Promise<Signer>) {
  return async ({ url }: RunningNode, index: number, provider = new JsonRpcProvider(url)): Promise<Sender> => {
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

const nodeSigner = ethersSender((provider, index) => provider.getSigner(index));

/** As a script does it: ethers puts what is asked within 10 ms into one JSON batch. */
export const ethersTogether: Open = (node, lanes) => {
  const provider = new JsonRpcProvider(node.url);
  return Promise.all(Array.from({ length: lanes }, (_, index) => nodeSigner(node, index, provider)));
};

export const senders: Record<string, Open> = {
  // ethers keeps what it asked for 250 ms, the nonce too: a script that sends faster than that must count for itself.
  "ethers Wallet": apart(ethersSender(async (provider, index) => new NonceManager(new Wallet(privateKey(index), provider)))),
  "ethers JsonRpcSigner": apart(nodeSigner),
  viem: apart(viemSender),
  "web3.js": apart(web3Sender),
};
