/** One case for each thing that network-helpers do, each with the value that is right on any chain. */
import type { Ask, Helpers } from "./helpers.ts";

/** `from`: an account that the node holds, and nobody else uses meanwhile. `needsOne`: what several validators refuse. */
export type Case = { name: string; needsOne?: true; run(helpers: Helpers, ask: Ask, from: string): Promise<void> };

const ETHER = 10n ** 18n;
const NOBODY = `0x${"dd".repeat(20)}`;
const hex = (value: number | bigint) => `0x${value.toString(16)}`;
let fresh = 0xc0ffee00;
const freshAddress = () => `0x${(fresh++).toString(16).padStart(40, "0")}`;

function same(found: unknown, wanted: unknown): void {
  const text = (value: unknown) => JSON.stringify(value, (_, x) => (typeof x === "bigint" ? `${x}n` : x));
  if (text(found) !== text(wanted)) throw new Error(`${text(found)}, not ${text(wanted)}`);
}

async function refused(run: () => Promise<unknown>): Promise<void> {
  const answered = await run().then(
    () => true,
    () => false,
  );
  same(answered, false);
}

const newest = (ask: Ask) => ask("eth_getBlockByNumber", "latest", false);

async function send(ask: Ask, transaction: object) {
  const hash = await ask("eth_sendTransaction", transaction);
  const receipt = await ask("eth_getTransactionReceipt", hash);
  if (receipt === null) throw new Error("no receipt right after the send");
  return receipt;
}

const pay = (ask: Ask, from: string) => send(ask, { from, to: NOBODY, value: "0x1" });

/** A slot that each call with data adds one to, and a call without returns. */
const COUNTER = "0x36600c575f545f5260205ff35b60015f54015f5500";
async function deployCounter(ask: Ask, from: string): Promise<string> {
  const length = COUNTER.length / 2 - 1;
  const init = `0x60${length.toString(16)}80600a5f395ff3`; // padded to the offset below
  const data = `${init}${"00".repeat(10 - (init.length / 2 - 1))}${COUNTER.slice(2)}`;
  return (await send(ask, { from, data })).contractAddress;
}
const count = async (ask: Ask, counter: string) => Number(await ask("eth_call", { to: counter }, "latest"));

export const cases: readonly Case[] = [
  {
    name: "time.latest, time.latestBlock",
    async run({ time }, ask) {
      const { timestamp, number } = await newest(ask);
      same([await time.latest(), await time.latestBlock()], [Number(timestamp), Number(number)]);
    },
  },
  {
    name: "time.duration",
    async run({ time: { duration } }) {
      same([duration.minutes(2), duration.days(1), duration.weeks(1)], [120, 86_400, 604_800]);
    },
  },
  {
    name: "mine: one block",
    async run({ mine, time }) {
      const number = await time.latestBlock();
      await mine();
      same(await time.latestBlock(), number + 1);
    },
  },
  {
    name: "mine(1000): each names its parent",
    async run({ mine, time }, ask) {
      const number = await time.latestBlock();
      await mine(1000);
      same(await time.latestBlock(), number + 1000);
      const [a, b] = await Promise.all([number + 499, number + 500].map((n) => ask("eth_getBlockByNumber", hex(n), false)));
      same(b.parentHash, a.hash);
    },
  },
  {
    name: "mine(10, { interval }): seconds between them",
    async run({ mine, time }, ask) {
      const number = await time.latestBlock();
      await mine(10, { interval: 60 });
      const times = await Promise.all([1, 10].map((i) => ask("eth_getBlockByNumber", hex(number + i), false)));
      same(Number(times[1].timestamp) - Number(times[0].timestamp), 9 * 60);
    },
  },
  {
    name: "mineUpTo",
    async run({ mineUpTo, time }) {
      const number = await time.latestBlock();
      await mineUpTo(number + 25);
      same(await time.latestBlock(), number + 25);
      await refused(() => mineUpTo(number + 3));
    },
  },
  {
    name: "time.increase",
    async run({ time }) {
      const before = await time.latest();
      same([await time.increase(3600), await time.latest()], [before + 3600, before + 3600]);
    },
  },
  {
    name: "time.increaseTo: seconds",
    async run({ time }) {
      const at = (await time.latest()) + 5000;
      await time.increaseTo(at);
      same(await time.latest(), at);
    },
  },
  {
    name: "time.increaseTo: a Date",
    async run({ time }) {
      const at = (await time.latest()) + 5000;
      await time.increaseTo(new Date(at * 1000));
      same(await time.latest(), at);
    },
  },
  {
    name: "time.increaseTo: the past is refused",
    async run({ time }) {
      const at = await time.latest();
      await refused(() => time.increaseTo(at - 100));
      await time.increase(10);
    },
  },
  {
    name: "time.setNextBlockTimestamp: of the next transaction's block",
    async run({ time }, ask, from) {
      const at = (await time.latest()) + 777;
      await time.setNextBlockTimestamp(at);
      const { blockHash } = await pay(ask, from);
      same(Number((await ask("eth_getBlockByHash", blockHash, false)).timestamp), at);
    },
  },
  {
    name: "setBalance",
    async run({ setBalance }, ask) {
      const who = freshAddress();
      await setBalance(who, 7n * ETHER);
      same(BigInt(await ask("eth_getBalance", who, "latest")), 7n * ETHER);
      await setBalance(who, 0);
      same(await ask("eth_getBalance", who, "latest"), "0x0");
    },
  },
  {
    name: "setNonce",
    async run({ setNonce }, ask) {
      const who = freshAddress();
      await setNonce(who, 42);
      same(await ask("eth_getTransactionCount", who, "latest"), "0x2a");
    },
  },
  {
    name: "setCode",
    async run({ setCode }, ask) {
      const at = freshAddress();
      await setCode(at, COUNTER);
      same([await ask("eth_getCode", at, "latest"), await count(ask, at)], [COUNTER, 0]);
    },
  },
  {
    name: "setStorageAt, getStorageAt: of a deployed contract",
    async run({ setStorageAt, getStorageAt }, ask, from) {
      const counter = await deployCounter(ask, from);
      await setStorageAt(counter, 0, 41);
      await send(ask, { from, to: counter, data: "0x01" });
      same([await count(ask, counter), BigInt(await getStorageAt(counter, 0))], [42, 42n]);
    },
  },
  {
    name: "getStorageAt: at an earlier block",
    async run({ getStorageAt, time }, ask, from) {
      const counter = await deployCounter(ask, from);
      const number = await time.latestBlock();
      await send(ask, { from, to: counter, data: "0x01" });
      same([BigInt(await getStorageAt(counter, 0, number)), BigInt(await getStorageAt(counter, 0))], [0n, 1n]);
    },
  },
  {
    name: "setCoinbase: who gets the fees",
    async run({ setCoinbase, takeSnapshot }, ask, from) {
      const before = await takeSnapshot();
      const miner = freshAddress();
      await setCoinbase(miner);
      const { blockHash } = await send(ask, { from, to: NOBODY, maxPriorityFeePerGas: hex(10n ** 9n), maxFeePerGas: hex(10n ** 11n) });
      same((await ask("eth_getBlockByHash", blockHash, false)).miner, miner);
      same(BigInt(await ask("eth_getBalance", miner, "latest")), 21_000n * 10n ** 9n);
      await before.restore();
    },
  },
  {
    name: "setBlockGasLimit",
    async run({ setBlockGasLimit, mine }, ask) {
      const { gasLimit } = await newest(ask);
      await setBlockGasLimit(12_345_678);
      await mine();
      same(Number((await newest(ask)).gasLimit), 12_345_678);
      await setBlockGasLimit(BigInt(gasLimit));
      await mine();
      same((await newest(ask)).gasLimit, gasLimit);
    },
  },
  {
    name: "setNextBlockBaseFeePerGas: of the next transaction's block",
    async run({ setNextBlockBaseFeePerGas }, ask, from) {
      await setNextBlockBaseFeePerGas(3n * 10n ** 9n);
      const { blockHash } = await send(ask, { from, to: NOBODY, maxFeePerGas: hex(10n ** 11n), maxPriorityFeePerGas: "0x1" });
      same(BigInt((await ask("eth_getBlockByHash", blockHash, false)).baseFeePerGas), 3n * 10n ** 9n);
    },
  },
  {
    name: "setPrevRandao: of the next block",
    async run({ setPrevRandao, mine }, ask) {
      await setPrevRandao(0xabcdef);
      await mine();
      same(BigInt((await newest(ask)).mixHash), 0xabcdefn);
    },
  },
  {
    name: "impersonateAccount: a contract sends",
    async run({ impersonateAccount, setBalance }, ask, from) {
      const counter = await deployCounter(ask, from);
      await setBalance(counter, ETHER);
      await impersonateAccount(counter);
      const receipt = await send(ask, { from: counter, to: NOBODY, value: "0x5" });
      same([receipt.status, receipt.from.toLowerCase()], ["0x1", counter.toLowerCase()]);
    },
  },
  {
    name: "stopImpersonatingAccount: it sends no more",
    async run({ impersonateAccount, stopImpersonatingAccount, setBalance }, ask) {
      const who = freshAddress();
      await setBalance(who, ETHER);
      await impersonateAccount(who);
      await pay(ask, who);
      await stopImpersonatingAccount(who);
      await refused(() => pay(ask, who));
    },
  },
  {
    name: "takeSnapshot, restore: number, clock, balance, nonce, code",
    async run({ takeSnapshot, time }, ask, from) {
      const seen = async (counter?: string) => [
        (await newest(ask)).hash,
        await ask("eth_getBalance", NOBODY, "latest"),
        await ask("eth_getTransactionCount", from, "latest"),
        ...(counter === undefined ? [] : [await ask("eth_getCode", counter, "latest")]),
      ];
      const before = await seen();
      const snapshot = await takeSnapshot();
      await pay(ask, from);
      const counter = await deployCounter(ask, from);
      await time.increase(100_000);
      await snapshot.restore();
      same(await seen(counter), [...before, "0x"]);
    },
  },
  {
    name: "restore: again and again",
    async run({ takeSnapshot, setBalance }, ask, from) {
      const who = freshAddress();
      await setBalance(who, 1);
      const snapshot = await takeSnapshot();
      for (let round = 2; round < 5; round++) {
        await setBalance(who, round);
        const { status } = await pay(ask, from);
        same([status, await ask("eth_getBalance", who, "latest")], ["0x1", hex(round)]);
        await snapshot.restore();
        same(await ask("eth_getBalance", who, "latest"), "0x1");
      }
    },
  },
  {
    name: "restore: a later snapshot is gone with an earlier one",
    async run({ takeSnapshot }) {
      const first = await takeSnapshot();
      const second = await takeSnapshot();
      await first.restore();
      await refused(() => second.restore());
    },
  },
  {
    name: "loadFixture: runs once, and begins anew each time",
    async run({ loadFixture, clearSnapshots }, ask, from) {
      await clearSnapshots();
      let runs = 0;
      async function counterFixture() {
        runs++;
        return { counter: await deployCounter(ask, from) };
      }
      for (let round = 0; round < 3; round++) {
        const { counter } = await loadFixture(counterFixture);
        same(await count(ask, counter), 0);
        for (let i = 0; i < 3; i++) await send(ask, { from, to: counter, data: "0x01" });
        same(await count(ask, counter), 3);
      }
      same(runs, 1);
    },
  },
  {
    name: "loadFixture: two in turn, one within another",
    async run({ loadFixture, clearSnapshots }, ask, from) {
      await clearSnapshots();
      async function outer() {
        return { counter: await deployCounter(ask, from) };
      }
      async function inner() {
        const { counter } = await loadFixture(outer);
        await send(ask, { from, to: counter, data: "0x01" });
        return { counter };
      }
      for (const [fixture, wanted] of [
        [outer, 0],
        [inner, 1],
        [inner, 1],
        [outer, 0],
        [inner, 1],
      ] as const) {
        const { counter } = await loadFixture(fixture);
        same(await count(ask, counter), wanted);
        await send(ask, { from, to: counter, data: "0x01" });
      }
    },
  },
  {
    name: "loadFixture: of a clock that was set",
    async run({ loadFixture, clearSnapshots, time }) {
      await clearSnapshots();
      async function later() {
        return { at: await time.increase(time.duration.years(1)) };
      }
      for (let round = 0; round < 2; round++) {
        const { at } = await loadFixture(later);
        same(await time.latest(), at);
        await time.increase(1000);
      }
    },
  },
  {
    name: "dropTransaction: it waits, and then does not",
    needsOne: true,
    async run({ dropTransaction, mine }, ask, from) {
      await ask("evm_setAutomine", false);
      try {
        const hash = await ask("eth_sendTransaction", { from, to: NOBODY, value: "0x1", gas: "0x5208" });
        same(await dropTransaction(hash), true);
        await mine();
        same([await ask("eth_getTransactionReceipt", hash), (await newest(ask)).transactions.length], [null, 0]);
      } finally {
        await ask("evm_setAutomine", true);
      }
    },
  },
  {
    name: "dropTransaction: a mined one cannot be",
    needsOne: true,
    async run({ dropTransaction }, ask, from) {
      const { transactionHash } = await pay(ask, from);
      const dropped = await dropTransaction(transactionHash).catch(() => false);
      same([dropped, (await ask("eth_getTransactionReceipt", transactionHash)).status], [false, "0x1"]);
    },
  },
  {
    name: "mine: what waits is in it",
    async run({ mine }, ask, from) {
      await ask("evm_setAutomine", false);
      try {
        const nonce = Number(await ask("eth_getTransactionCount", from, "latest"));
        const hashes: string[] = [];
        for (let i = 0; i < 3; i++)
          hashes.push(await ask("eth_sendTransaction", { from, to: NOBODY, value: "0x1", gas: "0x5208", nonce: hex(nonce + i) }));
        await mine();
        same((await newest(ask)).transactions, hashes);
      } finally {
        await ask("evm_setAutomine", true);
      }
    },
  },
  {
    name: "reset",
    async run({ reset, mine }, ask) {
      if (reset === undefined) return;
      await mine(3);
      await reset();
      same((await newest(ask)).number, "0x0");
    },
  },
];
