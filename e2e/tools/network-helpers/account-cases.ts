/** What is set by hand, and who sends. */
import { type Case, COUNTER, count, deployCounter, ETHER, freshAddress, hex, NOBODY, newest, pay, refused, same, send } from "./case.ts";

export const accountCases: readonly Case[] = [
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
];
