import { blockNumber } from "@noema/core/block-number";
import { bigIntToBytes, concatBytes, equalBytes, fromHex, to0x, ZERO_HASH } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import type { SystemInput } from "../api.ts";
import { baseFeeAfter, excessBlobGasAfter } from "../rules/fees.ts";
import { forkOf } from "../rules/forks.ts";
import { COINBASE, signedTx, startChain, testAddress } from "../testing/chain.ts";
import { INSTANT, operationOf, setInput } from "../testing/operations.ts";
import { encodeChunk } from "./chunk.ts";
import { KIND } from "./kinds.ts";
import { encodeMine, encodeTransactions, type Mine } from "./mine.ts";
import { encodeMining } from "./mining.ts";
import { encodeNext } from "./next.ts";
import { OUTCOME } from "./outcomes.ts";

const to = to0x(COINBASE) as `0x${string}`;
const RING = fromHex("0x0000f90827f1c53a10cb7a02335b175320002935");
/** Returns BLOCKHASH of the word it is called with. */
const HASHES = testAddress(40);
const ALLOC = { [to0x(HASHES)]: { code: "0x5f35405f5260205ff3" } };
const NONE = { every: false, auto: false, intervalMs: 0 };

const mine = (o: Partial<Mine> = {}) => operationOf(KIND.mine, encodeMine({ count: 1n, ifDue: false, staged: [], ...o }));
const mining = (o: Partial<typeof NONE>) => operationOf(KIND.mining, encodeMining({ ...NONE, ...o }));
const chunk = (data: Uint8Array) => operationOf(KIND.chunk, encodeChunk(data));
const transfer = (nonce: number, from = 0) => signedTx(from, { nonce: BigInt(nonce), to, value: 1n, gasLimit: 21_000n });

async function start(genesis = INSTANT) {
  const chain = await startChain({ genesis, alloc: ALLOC });
  let height = 0;
  const run = (txs: Uint8Array[], ...system: SystemInput[]) => chain.service.execute(chain.input(++height, txs, system));
  return { ...chain, run, height: () => height };
}

/** Every header names its parent's hash, and follows from it. */
async function checkChain({ service }: Awaited<ReturnType<typeof start>>, newest: number) {
  const fork = forkOf("osaka");
  let parent = await service.block(blockNumber(0));
  for (let n = 1; n <= newest; n++) {
    const block = await service.block(blockNumber(n));
    if (block === undefined || parent === undefined) throw new Error(`block ${n} is missing`);
    expect([block.number, to0x(block.hash), to0x(block.parentHash)]).toEqual([n, to0x(keccak256(block.headerRlp)), to0x(parent.hash)]);
    expect([block.baseFeePerGas, block.excessBlobGas]).toEqual([baseFeeAfter(fork, parent), excessBlobGasAfter(fork, parent)]);
    expect(block.timestamp).toBeGreaterThanOrEqual(parent.timestamp);
    expect((await service.block(block.hash))?.number).toBe(n);
    parent = block;
  }
}

it("makes one block, and quiet ones behind it that hold nothing but are blocks of the chain", async () => {
  const chain = await start();
  const { service, run, reopen } = chain;
  await run([transfer(0)]);
  const { result, block, quiet } = await run([transfer(1)], mine({ count: 700n, interval: 3n }));
  expect([result.height, result.number, block.number, block.txHashes.length, quiet]).toEqual([2, 701, 2, 1, 699]);
  const last = await service.block(blockNumber(701));
  expect(last).toMatchObject({
    height: 2,
    txHashes: [],
    gasUsed: 0n,
    stateRoot: block.stateRoot,
    hash: result.evmBlockHash,
    size: expect.any(Number),
  });
  expect((last?.timestamp ?? 0n) - block.timestamp).toBe(699n * 3n);
  expect([await service.transactions(blockNumber(5)), await service.receipts(blockNumber(5))]).toEqual([[], []]);
  await checkChain(chain, 701);
  const after = await run([transfer(2)]);
  expect(after.block).toMatchObject({ number: 702, height: 3, parentHash: result.evmBlockHash, timestamp: (last?.timestamp ?? 0n) + 2n });
  await checkChain(chain, 702);
  const again = await reopen();
  expect(await again.results(0, 9)).toEqual(await service.results(0, 9));
  expect((await again.result(2))?.evmBlockHash).toEqual(result.evmBlockHash);
});

it("the state of a quiet number is its height's; logs and transactions are found around them", async () => {
  const { service, run } = await start();
  await run([transfer(0)], mine({ count: 10n }));
  await run([], setInput({ address: testAddress(9), balance: 5n }));
  await run([transfer(1)], mine({ count: 10n }));
  const balance = async (n: number) => (await service.account(blockNumber(n), testAddress(9))).balance;
  // What was set after block 10 shows in it, and the whole run has one state.
  expect([await balance(0), await balance(10), await balance(11), await balance(20)]).toEqual([0n, 5n, 5n, 5n]);
  const nonce = async (n: number) => (await service.account(blockNumber(n), testAddress(0))).nonce;
  expect([await nonce(1), await nonce(5), await nonce(10), await nonce(11), await nonce(20)]).toEqual([1n, 1n, 1n, 2n, 2n]);
  await expect(service.account(blockNumber(21), testAddress(0))).rejects.toMatchObject({ code: "HEIGHT_UNKNOWN" });
  expect((await service.headers(blockNumber(8), blockNumber(13))).map((x) => x.number)).toEqual([8, 9, 10, 11, 12, 13]);
});

it("BLOCKHASH and the ring of EIP-2935 know each number, quiet ones too, and no more than the ring is long", async () => {
  const { service, run, next, height } = await start();
  await run([transfer(0)]);
  await run([], mine({ count: 8300n }));
  await run([transfer(1)]);
  const newest = 8302;
  const slot = (n: number) => service.slot(blockNumber(newest), RING, bigIntToBytes(BigInt(n % 8191), 32));
  for (const n of [newest - 1, newest - 2, newest - 200, newest - 8000, newest - 8191])
    expect([n, await slot(n)]).toEqual([n, BigInt(to0x((await service.block(blockNumber(n)))?.hash ?? ZERO_HASH))]);
  const blockHash = async (n: number, at: Parameters<typeof service.call>[1]) =>
    (await service.call({ to: HASHES, data: bigIntToBytes(BigInt(n), 32) }, at)).output;
  for (const n of [newest - 1, newest - 100, newest - 256])
    expect(await blockHash(n, blockNumber(newest))).toEqual((await service.block(blockNumber(n)))?.hash);
  expect(await blockHash(newest - 257, blockNumber(newest))).toEqual(ZERO_HASH);
  // The next block stands on a quiet one: an estimate sees the ring as the block will.
  await run([], mine({ count: 5n }));
  const call = { to: RING, data: bigIntToBytes(BigInt(newest + 3), 32) };
  expect((await service.call(call, next(height()))).output).toEqual((await service.block(blockNumber(newest + 3)))?.hash);
});

it("holds what is staged for it, before what came in its height, in one batch or in several heights", async () => {
  const { service, run } = await start();
  await run([], mining({}));
  const data = encodeTransactions([transfer(0), transfer(1)]);
  const [one, two] = [chunk(data.slice(0, 100)), chunk(data.slice(100))];
  const waits = await run([transfer(0, 1)]);
  expect([waits.block, waits.skipped]).toMatchObject([undefined, [{ code: "SKIP_NO_BLOCK", retry: true }]]);
  const staged = await run([], one, two);
  expect([staged.operations.map((x) => x.outcome), staged.result.stateRoot]).toEqual([[0, 0], waits.result.stateRoot]);
  const { block, included } = await run([transfer(2), transfer(0, 1)], mine({ staged: [one.id, two.id] }));
  expect([block.number, included.map((x) => x.ok)]).toEqual([1, [true, true, true, true]]);
  expect((await service.transactions(blockNumber(1))).map((x) => x.sender)).toEqual([0, 0, 0, 1].map(testAddress));
  const same = chunk(encodeTransactions([transfer(3)]));
  expect((await run([], same, mine({ staged: [same.id] }))).block.number).toBe(2);
  for (const id of [one.id, same.id]) {
    const { block, operations } = await run([], mine({ staged: [id] }));
    expect([block, operations]).toMatchObject([undefined, [{ outcome: OUTCOME.stagedUnknown }]]);
  }
  const bad = chunk(fromHex("0x0102030405"));
  expect((await run([], bad, mine({ staged: [bad.id] }))).operations.map((x) => x.outcome)).toEqual([0, OUTCOME.malformed]);
});

it("forgets what nobody used, after a crash too remembers what is", async () => {
  const { run, kv, reopen, input } = await start();
  await run([], mining({}));
  const [old, kept] = [chunk(encodeTransactions([transfer(0)])), chunk(encodeTransactions([transfer(1)]))];
  await run([], old);
  let height = 2;
  kv.crash();
  const again = await reopen();
  for (; height < 1027; height++) await again.execute(input(height + 1, [], height === 1000 ? [kept] : []));
  await again.execute(input(++height, [], [chunk(new Uint8Array(1))])); // what comes clears away
  const tried = await again.execute(input(++height, [], [mine({ staged: [old.id] }), mine({ staged: [kept.id] })]));
  expect(tried.operations.map((x) => x.outcome)).toEqual([OUTCOME.stagedUnknown, OUTCOME.done]);
});

it("mining decides which heights have a block, and a second request for one is busy", async () => {
  const { run } = await start({ ...INSTANT, validators: [{}, {}] as never });
  expect([(await run([])).result.number, (await run([], mining({ auto: true }))).result.number]).toEqual([1, 1]);
  expect([(await run([])).result.number, (await run([transfer(0)])).result.number]).toEqual([1, 2]);
  expect((await run([], mining({ every: true }))).result.number).toBe(3);
  const twice = await run([], mining({}), mine(), mine(), setInput({ address: testAddress(9), balance: 5n }));
  expect([twice.result.number, twice.operations.map((x) => x.outcome)]).toEqual([4, [0, 0, OUTCOME.busy, OUTCOME.busy]]);
  const none = await run([transfer(1)]);
  expect([none.result.number, none.result.gasUsed, equalBytes(none.result.receiptsRoot, ZERO_HASH)]).toEqual([4, 0n, true]);
});

it("by the clock: a block is due when the interval has passed since the last one, whoever asked", async () => {
  const { run } = await start(); // heights are two seconds apart
  await run([], mining({ intervalMs: 5000 }));
  const asked: [number, number | undefined][] = [];
  for (let i = 0; i < 7; i++) {
    const { result, operations } = await run([], mine({ ifDue: true }));
    asked.push([result.number, operations[0]?.outcome]);
  }
  const { done, notDue } = OUTCOME;
  expect(asked).toEqual([
    [1, done],
    [1, notDue],
    [1, notDue],
    [2, done],
    [2, notDue],
    [2, notDue],
    [3, done],
  ]);
});

it("refuses none and too many, and takes what the next block was set to for the first alone", async () => {
  const { run, service } = await start();
  for (const count of [0n, 65_537n]) expect((await run([], mine({ count }))).operations).toMatchObject([{ outcome: OUTCOME.outOfRange }]);
  const next = operationOf(
    KIND.next,
    encodeNext({ baseFee: 1000n, timestamp: 1_800_000_000n, prevRandao: ZERO_HASH, timestampInterval: 9n }),
  );
  await run([], next);
  await run([], mine({ count: 3n }));
  const blocks = await Promise.all([1, 2, 3].map((n) => service.block(blockNumber(n))));
  expect(blocks.map((x) => [x?.baseFeePerGas, x?.timestamp])).toEqual([
    [1000n, 1_800_000_000n],
    [875n, 1_800_000_009n],
    [766n, 1_800_000_018n],
  ]);
  expect(blocks[0]?.prevRandao).toEqual(ZERO_HASH);
  expect(new Set(blocks.map((x) => to0x(x?.prevRandao ?? ZERO_HASH))).size).toBe(3);
});

it("a mined run is taken back in its middle: the blocks before stay, and later ones follow them", async () => {
  const { run, service, ...rest } = await start();
  const revertTo = (await import("./revert.ts")).encodeRevert;
  await run([transfer(0)], mine({ count: 10n }));
  const kept = await service.block(blockNumber(6));
  const { result } = await run([], operationOf(KIND.revert, revertTo({ number: blockNumber(6) })));
  expect([result.number, result.evmBlockHash]).toEqual([6, kept?.hash]);
  expect([await service.block(blockNumber(7)), (await service.block(blockNumber(1)))?.txHashes.length]).toEqual([undefined, 1]);
  const { block } = await run([transfer(1)]);
  expect(block).toMatchObject({ number: 7, parentHash: kept?.hash });
  expect((await service.receipt(block.txHashes[0] as Uint8Array))?.ok).toBe(true);
  const again = await rest.reopen();
  expect(await again.results(0, 9)).toEqual(await service.results(0, 9));
  expect(concatBytes(...(await service.headers(blockNumber(0), blockNumber(7))).map((x) => x.hash)).length).toBe(8 * 32);
});

it("tells a filter the newest of many blocks, not all of them", async () => {
  const { service, run } = await start();
  await run([], mine({ count: 300n }));
  await run([transfer(0)]);
  const newest = await service.newBlocks({ after: 0, to: 2, upTo: 2, most: 4 });
  expect(newest.map((x) => x.number)).toEqual([298, 299, 300, 301]);
  for (const { number, hash } of newest) expect((await service.block(number))?.hash).toEqual(hash);
});
