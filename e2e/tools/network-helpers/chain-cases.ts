/** Ways back, and the pool. */
import { type Case, count, deployCounter, freshAddress, hex, NOBODY, newest, pay, refused, same, send } from "./case.ts";

export const chainCases: readonly Case[] = [
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
