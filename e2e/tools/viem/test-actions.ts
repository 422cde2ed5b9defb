/** One case for each of viem's test actions, with the value that is right on any chain. */
import { createTestClient, type Hex, http, numberToHex, padHex, parseEther, parseGwei, publicActions, walletActions } from "viem";
import { foundry } from "viem/chains";

export type Mode = "anvil" | "hardhat";

export function testClient(url: string, mode: Mode) {
  return createTestClient({ mode, chain: foundry, transport: http(url), pollingInterval: 50 })
    .extend(publicActions)
    .extend(walletActions);
}
export type Client = ReturnType<typeof testClient>;

/** `only`: where just one of the modes has such a method. `needsOne`: what several validators refuse. */
export type Action = { name: string; only?: Mode; needsOne?: true; run(client: Client, from: Hex): Promise<void> };

const NOBODY: Hex = `0x${"dd".repeat(20)}`;
/** Returns slot 0. */
const READER: Hex = "0x5f545f5260205ff3";
let fresh = 0xbadd00d;
const freshAddress = () => padHex(numberToHex(fresh++), { size: 20 });

function same(found: unknown, wanted: unknown): void {
  const text = (value: unknown) => JSON.stringify(value, (_, x) => (typeof x === "bigint" ? `${x}n` : x));
  if (text(found) !== text(wanted)) throw new Error(`${text(found)}, not ${text(wanted)}`);
}

async function pay(client: Client, from: Hex, more: object = {}) {
  const hash = await client.sendTransaction({ account: from, to: NOBODY, value: 1n, ...more });
  return client.waitForTransactionReceipt({ hash });
}

const blockOf = (client: Client, blockHash: Hex) => client.getBlock({ blockHash });

/** Nothing is mined meanwhile but what is asked for. */
async function unmined(client: Client, run: () => Promise<void>): Promise<void> {
  await client.setAutomine(false);
  try {
    await run();
  } finally {
    await client.setAutomine(true);
  }
}

const waiting = (client: Client, from: Hex) => client.sendTransaction({ account: from, to: NOBODY, value: 1n, gas: 21_000n });

export const actions: readonly Action[] = [
  {
    name: "mine",
    async run(client) {
      const number = await client.getBlockNumber({ cacheTime: 0 });
      await client.mine({ blocks: 5 });
      same(await client.getBlockNumber({ cacheTime: 0 }), number + 5n);
    },
  },
  {
    name: "increaseTime",
    async run(client) {
      const { timestamp } = await client.getBlock();
      await client.increaseTime({ seconds: 4200 });
      await client.mine({ blocks: 1 });
      const later = (await client.getBlock()).timestamp - timestamp;
      same(later >= 4200n && later < 4200n + 600n, true);
    },
  },
  {
    name: "setNextBlockTimestamp",
    async run(client, from) {
      const at = (await client.getBlock()).timestamp + 333n;
      await client.setNextBlockTimestamp({ timestamp: at });
      same((await blockOf(client, (await pay(client, from)).blockHash)).timestamp, at);
    },
  },
  {
    name: "setBlockTimestampInterval, removeBlockTimestampInterval",
    only: "anvil",
    async run(client) {
      await client.setBlockTimestampInterval({ interval: 5 });
      await client.mine({ blocks: 1 });
      const { timestamp } = await client.getBlock();
      await client.mine({ blocks: 1 });
      same((await client.getBlock()).timestamp, timestamp + 5n);
      await client.removeBlockTimestampInterval();
    },
  },
  {
    name: "setNextBlockBaseFeePerGas",
    async run(client, from) {
      await client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei("7") });
      const { blockHash } = await pay(client, from, { maxFeePerGas: parseGwei("50"), maxPriorityFeePerGas: 1n });
      same((await blockOf(client, blockHash)).baseFeePerGas, parseGwei("7"));
    },
  },
  {
    name: "setCoinbase",
    async run(client) {
      const address = freshAddress();
      await client.setCoinbase({ address });
      await client.mine({ blocks: 1 });
      same((await client.getBlock()).miner, address);
    },
  },
  {
    name: "setBlockGasLimit",
    async run(client) {
      const { gasLimit } = await client.getBlock();
      await client.setBlockGasLimit({ gasLimit: 23_456_789n });
      await client.mine({ blocks: 1 });
      same((await client.getBlock()).gasLimit, 23_456_789n);
      await client.setBlockGasLimit({ gasLimit });
      await client.mine({ blocks: 1 });
    },
  },
  {
    name: "setBalance",
    async run(client) {
      const address = freshAddress();
      await client.setBalance({ address, value: parseEther("3") });
      same(await client.getBalance({ address }), parseEther("3"));
    },
  },
  {
    name: "setNonce",
    async run(client) {
      const address = freshAddress();
      await client.setNonce({ address, nonce: 9 });
      same(await client.getTransactionCount({ address }), 9);
    },
  },
  {
    name: "setCode, setStorageAt",
    async run(client) {
      const address = freshAddress();
      await client.setCode({ address, bytecode: READER });
      await client.setStorageAt({ address, index: 0, value: padHex("0x2a", { size: 32 }) });
      const { data } = await client.call({ to: address });
      same([await client.getCode({ address }), BigInt(data as Hex)], [READER, 42n]);
    },
  },
  {
    name: "impersonateAccount, stopImpersonatingAccount",
    async run(client) {
      const address = freshAddress();
      await client.setBalance({ address, value: parseEther("1") });
      await client.impersonateAccount({ address });
      const { status, from } = await pay(client, address);
      same([status, from], ["success", address]);
      await client.stopImpersonatingAccount({ address });
      const refused = await pay(client, address).then(
        () => false,
        () => true,
      );
      same(refused, true);
    },
  },
  {
    name: "snapshot, revert",
    async run(client, from) {
      const { hash } = await client.getBlock();
      const id = await client.snapshot();
      await pay(client, from);
      await client.revert({ id });
      same((await client.getBlock()).hash, hash);
    },
  },
  {
    name: "getAutomine, setAutomine",
    async run(client, from) {
      same(await client.getAutomine(), true);
      await unmined(client, async () => {
        same(await client.getAutomine(), false);
        const hash = await waiting(client, from);
        await client.mine({ blocks: 1 });
        same((await client.getTransactionReceipt({ hash })).status, "success");
      });
    },
  },
  {
    name: "setIntervalMining",
    only: "anvil", // in mode hardhat milliseconds are sent under the same name, which anvil and a devnet take for seconds
    async run(client) {
      const number = await client.getBlockNumber({ cacheTime: 0 });
      await client.setIntervalMining({ interval: 1 });
      while ((await client.getBlockNumber({ cacheTime: 0 })) < number + 2n) await new Promise((resolve) => setTimeout(resolve, 100));
      await client.setIntervalMining({ interval: 0 });
      await client.setAutomine(true);
    },
  },
  {
    name: "getTxpoolStatus, getTxpoolContent, inspectTxpool",
    async run(client, from) {
      await unmined(client, async () => {
        await waiting(client, from);
        const [status, content, inspected] = [
          await client.getTxpoolStatus(),
          await client.getTxpoolContent(),
          await client.inspectTxpool(),
        ];
        same([status.pending, Object.keys(content.pending).length, Object.keys(inspected.pending).length], [1, 1, 1]);
        await client.mine({ blocks: 1 });
        same((await client.getTxpoolStatus()).pending, 0);
      });
    },
  },
  {
    name: "dropTransaction",
    needsOne: true,
    async run(client, from) {
      await unmined(client, async () => {
        const hash = await waiting(client, from);
        await client.dropTransaction({ hash });
        await client.mine({ blocks: 1 });
        same((await client.getBlock()).transactions, []);
      });
    },
  },
  {
    name: "sendUnsignedTransaction",
    async run(client) {
      const from = freshAddress();
      await client.setBalance({ address: from, value: parseEther("1") });
      await client.impersonateAccount({ address: from });
      const hash = await client.sendUnsignedTransaction({ from, to: NOBODY, value: 5n });
      same((await client.waitForTransactionReceipt({ hash })).from, from);
    },
  },
  {
    name: "setLoggingEnabled",
    async run(client) {
      await client.setLoggingEnabled(false);
      await client.setLoggingEnabled(true);
    },
  },
  {
    name: "dumpState, loadState",
    only: "anvil",
    async run(client) {
      const address = freshAddress();
      await client.setBalance({ address, value: 5n });
      const state = await client.dumpState();
      await client.setBalance({ address, value: 6n });
      await client.loadState({ state });
      same(await client.getBalance({ address }), 5n);
    },
  },
  {
    name: "reset",
    async run(client) {
      await client.mine({ blocks: 2 });
      await client.reset();
      same(await client.getBlockNumber({ cacheTime: 0 }), 0n);
    },
  },
];
