/** Time and blocks. */
import { type Case, hex, newest, pay, refused, same } from "./case.ts";

export const blockCases: readonly Case[] = [
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
];
