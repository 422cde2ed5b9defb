import { blockNumber } from "@noema/core/block-number";
import { fromHex, to0x } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { COINBASE, signedTx, startChain, testAddress } from "../testing/chain.ts";
import { INSTANT, operationOf } from "../testing/operations.ts";
import { encodeClock, type MoveClock } from "./clock.ts";
import { KIND } from "./kinds.ts";
import { encodeMine } from "./mine.ts";
import { encodeNext, NO_INTERVAL, type SetNext } from "./next.ts";
import { OUTCOME } from "./outcomes.ts";

const START = 1_700_000_000;
/** TIMESTAMP COINBASE PREVRANDAO GASLIMIT BASEFEE, a word each, returned. */
const READER = fromHex("0x425f524160205244604052456060524860805260a05ff3");
const at = testAddress(30);

const next = (set: SetNext) => operationOf(KIND.next, encodeNext(set));
const clock = (move: Partial<MoveClock>) => operationOf(KIND.clock, encodeClock({ add: true, ms: 0n, negative: false, ...move }));
const words = (output: Uint8Array) => Array.from({ length: 5 }, (_, i) => BigInt(to0x(output.subarray(32 * i, 32 * i + 32))));

async function start() {
  const chain = await startChain({ genesis: INSTANT, alloc: { [to0x(at)]: { code: to0x(READER) } } });
  let height = 0;
  let nonce = 0n;
  const execute = (txs: Uint8Array[], ...system: ReturnType<typeof next>[]) => chain.service.execute(chain.input(++height, txs, system));
  return {
    ...chain,
    height: () => height,
    operate: async (...system: ReturnType<typeof next>[]) => (await execute([], ...system)).operations.map((x) => x.outcome),
    block: async (...system: ReturnType<typeof next>[]) =>
      (await execute([signedTx(0, { nonce: nonce++, to: to0x(COINBASE) as `0x${string}` })], ...system)).block,
  };
}

it("what is set holds for the next block or until it is changed, in the header, in a call and in an estimate", async () => {
  const { service, operate, block, next: nextBlock, height } = await start();
  const prevRandao = new Uint8Array(32).fill(7);
  const coinbase = testAddress(31);
  await operate(next({ timestamp: BigInt(START + 1000), baseFee: 77n, prevRandao, coinbase, gasLimit: 20_000_000n }));
  const environment = [BigInt(START + 1000), BigInt(to0x(coinbase)), BigInt(to0x(prevRandao)), 20_000_000n, 77n];
  const request = { to: at, from: at };
  expect(words((await service.call(request, nextBlock(height()))).output)).toEqual(environment);
  expect(await service.nextBlock(nextBlock(height()))).toMatchObject({
    timestamp: BigInt(START + 1000),
    baseFeePerGas: 77n,
    coinbase,
    prevRandao,
  });
  expect((await service.feesAfter(blockNumber(0))).baseFeePerGas).toBe(77n);
  const made = await block();
  expect(made).toMatchObject({ timestamp: BigInt(START + 1000), coinbase, prevRandao, gasLimit: 20_000_000n, baseFeePerGas: 77n });
  expect(words((await service.call(request, blockNumber(1))).output)[0]).toBe(BigInt(START + 1000));
  const after = await block();
  expect(after).toMatchObject({ coinbase, gasLimit: 20_000_000n });
  expect(after.prevRandao).not.toEqual(prevRandao);
  expect(after.baseFeePerGas).toBe(68n); // EIP-1559 from the header before: 77 - 77 / 8, and gas was used
  expect(after.timestamp).toBe(BigInt(START + 1002)); // the clock goes on: two seconds from height to height
});

it("an operation holds for the block of its own height", async () => {
  const { block } = await start();
  expect(await block(next({ baseFee: 0n, timestamp: BigInt(START + 9) }))).toMatchObject({
    baseFeePerGas: 0n,
    timestamp: BigInt(START + 9),
  });
});

it("moves and sets the clock; time does not fall, and its blocks wait for the clock to come by", async () => {
  const { operate, block } = await start();
  expect((await block()).timestamp).toBe(BigInt(START + 2));
  await operate(clock({ ms: 100_500n }));
  expect((await block()).timestamp).toBe(BigInt(START + 6 + 100));
  await operate(clock({ ms: 50_000n, negative: true }));
  expect((await block()).timestamp).toBe(BigInt(START + 6 + 100));
  await operate(clock({ add: false, ms: BigInt(START + 500) * 1000n }));
  expect((await block()).timestamp).toBe(BigInt(START + 502));
});

it("an interval goes from block to block until it is removed, and a timestamp that is set comes before it", async () => {
  const { operate, block } = await start();
  await operate(next({ timestampInterval: 7n }));
  expect([(await block()).timestamp, (await block()).timestamp]).toEqual([BigInt(START + 7), BigInt(START + 14)]);
  await operate(next({ timestamp: BigInt(START + 20) }));
  expect([(await block()).timestamp, (await block()).timestamp]).toEqual([BigInt(START + 20), BigInt(START + 27)]);
  await operate(next({ timestampInterval: NO_INTERVAL }));
  expect((await block()).timestamp).toBe(BigInt(START + 27)); // the clock, which the set timestamp moved, is not there yet
});

it("refuses what is out of its range, and then nothing of it is set", async () => {
  const { operate, block, service } = await start();
  await block();
  const before = (await service.feesAfter(blockNumber(1))).baseFeePerGas;
  expect(await operate(next({ timestamp: BigInt(START + 1), baseFee: 5n }))).toEqual([OUTCOME.timeBackwards]);
  expect(await operate(next({ baseFee: 2n ** 128n + 1n }), next({ gasLimit: 2n ** 63n }))).toEqual([
    OUTCOME.outOfRange,
    OUTCOME.outOfRange,
  ]);
  expect(await operate(clock({ ms: 2n ** 63n }), clock({ ms: 2n ** 63n, negative: true }))).toEqual([
    OUTCOME.outOfRange,
    OUTCOME.outOfRange,
  ]);
  expect(await operate(next({ timestamp: BigInt(START + 2) }))).toEqual([OUTCOME.done]); // the parent's own
  const made = await block();
  expect([made.timestamp, made.baseFeePerGas]).toEqual([BigInt(START + 2), before]);
});

it("a chain that is not for development has the time of consensus, whatever stands at the accounts of controls", async () => {
  const { service, input } = await startChain({
    genesis: { dev: false },
    alloc: { "0x0000000000000000000000000000000000000afe": { nonce: "1", storage: { "0x2": "0x6" } } },
  });
  const { block } = await service.execute(input(1));
  expect(block).toMatchObject({ timestamp: BigInt(START + 2), baseFeePerGas: 875_000_000n });
});

it("no time, interval or run of blocks goes beyond what a timestamp holds: at the end of time it stands", async () => {
  const { operate, block } = await start();
  const last = 2n ** 58n / 1000n;
  expect(
    await operate(next({ timestamp: last + 1n }), next({ timestampInterval: last + 1n }), next({ timestampInterval: 2n ** 64n - 2n })),
  ).toEqual([OUTCOME.outOfRange, OUTCOME.outOfRange, OUTCOME.outOfRange]);
  const mine = (count: bigint, interval?: bigint) => operationOf(KIND.mine, encodeMine({ count, interval, ifDue: false, staged: [] }));
  expect(await operate(mine(65_536n, 2n ** 48n))).toEqual([OUTCOME.outOfRange]);
  expect(await operate(mine(1n, 2n ** 64n - 1n))).toEqual([OUTCOME.outOfRange]);
  expect(await operate(next({ timestampInterval: last }))).toEqual([OUTCOME.done]);
  expect(await operate(mine(2n))).toEqual([OUTCOME.outOfRange]);
  expect(await operate(mine(1n))).toEqual([OUTCOME.done]);
  expect((await block()).timestamp).toBe(last);
  expect((await block()).timestamp).toBe(last);
});
