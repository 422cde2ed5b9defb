/** Snapshots, reverts and resets: state, numbers, what is found by hash, and what the EVM sees of earlier blocks. */
import { blockNumber } from "@noema/core/block-number";
import { bytesToBigInt, concatBytes, fromHex, to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { expect, it } from "vitest";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import { createJournal } from "../state/journal.ts";
import { signedTx, startChain, type TestChain, testAddress } from "../testing/chain.ts";
import { INSTANT, operationOf, revertInput, setInput, snapshotInput } from "../testing/operations.ts";
import { readSnapshot, writeKept, writeSnapshot } from "./controls.ts";
import { KIND } from "./kinds.ts";
import { OUTCOME } from "./outcomes.ts";
import { applyRevert, decodeRevert, encodeRevert } from "./revert.ts";

const NEW = testAddress(20);
const to = to0x(NEW) as `0x${string}`;
const word = (n: number) => fromHex(n.toString(16).padStart(64, "0"));
const LOGS = "0x00000000000000000000000000000000000000c7";
/** One log, and slot 0 counts. */
const alloc = { [LOGS]: { code: "0x5f5fa05f546001015f5500", balance: "0x0" } };

/** A chain whose heights are executed one after another. */
async function follow(options: Parameters<typeof startChain>[0] = {}) {
  const chain = await startChain({ genesis: INSTANT, alloc, ...options });
  let height = 0;
  const run = (txs: readonly Bytes[] = [], system: Parameters<TestChain["input"]>[2] = []) =>
    chain.service.execute(chain.input(++height, txs, system));
  return {
    ...chain,
    run,
    again: () => chain.service.execute(chain.input(height)),
    snapshot: async () => (await run([], [snapshotInput()])).operations[0]?.value as number,
    revert: (target: Parameters<typeof revertInput>[0]) => run([], [revertInput(target)]),
  };
}

const call = (nonce: bigint) => signedTx(0, { nonce, to: LOGS, gasLimit: 60_000n });

it("takes back blocks and what was set, and the chain goes on from there", async () => {
  const { service, run, snapshot, revert, again } = await follow();
  const first = await run([call(0n)]);
  const id = await snapshot();
  await run([], [setInput({ address: NEW, balance: 5n, slots: [{ key: word(1), value: word(7) }] })]);
  const gone = await run([call(1n), call(2n)]);
  await run([call(3n)]);
  const { result, reverted, operations, block, touched, nextFees } = await revert({ snapshot: id });
  expect(operations).toMatchObject([{ outcome: OUTCOME.done }]);
  expect([block, result.number, result.evmBlockHash]).toEqual([undefined, 1, first.result.evmBlockHash]);
  expect(reverted).toMatchObject({ to: { snapshot: id }, head: { number: 1, height: 1, hash: first.block.hash, size: first.block.size } });
  expect([touched.length > 0, nextFees]).toEqual([true, first.nextFees]);
  expect(await service.account(blockNumber(1), NEW)).toMatchObject({ balance: 0n });
  expect(await service.slot(blockNumber(1), fromHex(LOGS), word(0))).toBe(1n);
  for (const number of [2, 3]) expect(await service.block(blockNumber(number))).toBeUndefined();
  expect(await service.block(gone.block.hash)).toBeUndefined();
  for (const { txHash } of gone.receipts)
    expect([await service.transaction(txHash), await service.receipt(txHash)]).toEqual([undefined, undefined]);
  expect((await service.logs({ from: blockNumber(0), to: blockNumber(1), limit: 10 })).map((x) => x.number)).toEqual([1]);
  expect(await again()).toMatchObject({ result, reverted, operations });

  const other = await run([call(1n)]);
  expect(other.block).toMatchObject({ number: 2, parentHash: first.block.hash, baseFeePerGas: gone.block.baseFeePerGas });
  expect(await service.receipt(gone.receipts[0]?.txHash as Bytes)).toMatchObject({ blockHash: other.block.hash, number: 2 });
  expect(await service.receipt(gone.receipts[1]?.txHash as Bytes)).toBeUndefined();
  expect((await service.logs({ from: blockNumber(0), to: blockNumber(2), limit: 10 })).map((x) => x.blockHash)).toEqual([
    first.block.hash,
    other.block.hash,
  ]);
});

it("an id serves once, all later ones are gone with it, and none is used again, not after a reset either", async () => {
  const { run, snapshot, revert } = await follow();
  const ids = [await snapshot(), await snapshot(), await snapshot()] as const;
  expect(ids).toEqual([0, 1, 2]);
  const outcomeOf = async (id: number) => (await revert({ snapshot: id })).operations[0]?.outcome;
  expect(await outcomeOf(ids[1])).toBe(OUTCOME.done);
  expect([await outcomeOf(ids[1]), await outcomeOf(ids[2]), await outcomeOf(7)]).toEqual([9, 9, 9]);
  expect(await snapshot()).toBe(3);
  expect(await outcomeOf(ids[0])).toBe(OUTCOME.done);
  expect(await outcomeOf(3)).toBe(OUTCOME.snapshotUnknown);
  await run([call(0n)]);
  const kept = await snapshot();
  const { result, dev } = await revert("genesis");
  expect([result.number, dev?.resets, dev?.nextSnapshot]).toEqual([0, 1, kept + 1]);
  expect(await outcomeOf(kept)).toBe(OUTCOME.snapshotUnknown);
  expect(await snapshot()).toBe(kept + 1);
});

it("a revert that changes nothing, and one of an unknown id, leave the number", async () => {
  const { run, snapshot, revert } = await follow();
  const { result } = await run([call(0n)]);
  const unknown = await revert({ snapshot: 0 });
  expect([unknown.reverted, unknown.result.number, unknown.result.evmBlockHash]).toEqual([undefined, 1, result.evmBlockHash]);
  const back = await revert({ snapshot: await snapshot() });
  expect([back.reverted?.head.number, back.result.number]).toEqual([1, 1]);
});

it("knows no snapshot of an id that a number cannot hold: 2^64 - 1 is not 0", async () => {
  const { run, snapshot } = await follow();
  expect(await snapshot()).toBe(0);
  const body = fromHex(`0x0800000010000000${"ff".repeat(8)}`);
  expect((await run([], [operationOf(KIND.revert, body)])).operations[0]?.outcome).toBe(OUTCOME.snapshotUnknown);
});

it("reads no more snapshots than it drops, however many there have been", async () => {
  const journal = createJournal({ account: () => EMPTY_ACCOUNT, slot: () => new Uint8Array(0), code: () => new Uint8Array(0) });
  writeKept(journal, { nextSnapshot: 10_000, resets: 0, autoImpersonate: false });
  writeSnapshot(journal, 9_999, { height: 5, clockMs: 1n });
  let reads = 0;
  const slot: typeof journal.slot = (...at) => {
    reads++;
    return journal.slot(...at);
  };
  const counted = { ...journal, slot };
  const past = { oldest: 0, numberAfter: () => blockNumber(5), heightOf: () => undefined, restore: () => undefined };
  const place = { timestampMs: 2, isFirst: true, past } as unknown as Parameters<typeof applyRevert>[2];
  expect(applyRevert(counted, { snapshot: 9_999 }, place).outcome).toBe(OUTCOME.done);
  expect([reads < 50, readSnapshot(journal, 9_999)]).toEqual([true, undefined]);
});

it("goes back to the height of a number, with what was set after its block", async () => {
  const { service, run, snapshot, revert } = await follow();
  await run([call(0n)]);
  await run([], [setInput({ address: NEW, balance: 5n })]);
  const before = await snapshot();
  await run([call(1n)]);
  const after = await snapshot();
  await run([call(2n)]);
  expect((await revert({ number: blockNumber(1) })).result.number).toBe(1);
  expect(await service.account(blockNumber(1), NEW)).toMatchObject({ balance: 5n });
  expect((await revert({ number: blockNumber(2) })).operations).toMatchObject([{ outcome: OUTCOME.numberUnknown }]);
  expect((await revert({ snapshot: after })).operations).toMatchObject([{ outcome: OUTCOME.snapshotUnknown }]);
  expect((await revert({ snapshot: before })).operations).toMatchObject([{ outcome: OUTCOME.done }]);
});

it("is the first operation of its height or none, and nothing follows it there", async () => {
  const { service, run, snapshot } = await follow();
  const id = await snapshot();
  const late = await run([], [setInput({ address: NEW, balance: 1n }), revertInput({ snapshot: id })]);
  expect(late.operations.map((x) => x.outcome)).toEqual([OUTCOME.done, OUTCOME.busy]);
  const tx = call(0n);
  const { operations, skipped, result, touched } = await run(
    [tx],
    [revertInput({ snapshot: id }), setInput({ address: NEW, balance: 2n })],
  );
  expect(operations.map((x) => x.outcome)).toEqual([OUTCOME.done, OUTCOME.busy]);
  expect(skipped).toMatchObject([{ code: "SKIP_NO_BLOCK", retry: true }]);
  expect([result.number, touched.length > 0]).toEqual([0, true]);
  expect(await service.account(blockNumber(0), NEW)).toMatchObject({ balance: 0n });
  expect((await run([tx])).included).toMatchObject([{ ok: true }]);
});

it("BLOCKHASH, the ring of EIP-2935 and blocks by number say the same hash after a revert", async () => {
  /** sstore(number - 1, blockhash(number - 1)). */
  const HASHES = "0x00000000000000000000000000000000000000c8";
  const { service, run, snapshot, revert } = await follow({
    alloc: { ...alloc, [HASHES]: { code: "0x60014303804090555f00", balance: "0x0" } },
  });
  const look = (nonce: bigint) => signedTx(0, { nonce, to: HASHES, gasLimit: 60_000n });
  await run([look(0n)]);
  const id = await snapshot();
  const gone = await run([look(1n)]);
  await run([look(2n)]);
  await revert({ snapshot: id });
  await run([signedTx(0, { nonce: 1n, to, value: 9n })]);
  await run([look(2n)]);
  const last = await run([look(3n)]);
  expect(last.block.number).toBe(4);
  const ring = fromHex("0x0000f90827f1c53a10cb7a02335b175320002935");
  for (const number of [2, 3]) {
    const hash = bytesToBigInt((await service.block(blockNumber(number)))?.hash as Bytes);
    expect(hash).not.toBe(bytesToBigInt(gone.block.hash));
    expect(await service.slot(blockNumber(4), fromHex(HASHES), word(number))).toBe(hash);
    expect(await service.slot(blockNumber(4), ring, word(number))).toBe(hash);
  }
});

it("the clock is the snapshot's again", async () => {
  const { run, snapshot, revert, input } = await follow();
  const id = await snapshot();
  await run();
  await run();
  const { dev } = await revert({ snapshot: id });
  expect(dev?.offsetMs).toBe(BigInt(input(1).timestampMs - input(4).timestampMs));
});

it("on a chain that keeps no old state it has an outcome of its own, and changes nothing", async () => {
  const { service, run, snapshot, revert } = await follow({ history: 4 });
  const id = await snapshot();
  for (let i = 0; i < 9; i++) await run([], [setInput({ address: NEW, balance: BigInt(i) })]);
  expect((await revert({ snapshot: id })).operations).toMatchObject([{ outcome: OUTCOME.historyGone }]);
  expect(await service.account(blockNumber(0), NEW)).toMatchObject({ balance: 8n });
});

it("results of heights name the block that was the newest then, abandoned or not, before and after a restart", async () => {
  const { service, run, snapshot, revert, reopen } = await follow();
  const results = [(await run([call(0n)])).result];
  const id = await snapshot();
  results.push(...(await service.results(2, 2)));
  results.push((await run([call(1n)])).result, (await run([], [setInput({ address: NEW, balance: 5n })])).result);
  results.push((await revert({ snapshot: id })).result, (await run([signedTx(0, { nonce: 1n, to, value: 1n })])).result);
  expect(await service.results(1, 9)).toEqual(results);
  expect(await (await reopen()).results(4, 9)).toEqual(results.slice(3));
});

it("with several validators every other height has a block, and a revert has none", async () => {
  const { run, snapshot, revert } = await follow({ genesis: { ...INSTANT, validators: [{}, {}] as never } });
  const id = await snapshot();
  const { result } = await run([call(0n)]);
  const back = await revert({ snapshot: id });
  expect([result.number, back.result.number, (await run()).result.number]).toEqual([2, 1, 2]);
});

it("its body names one of both, or none", () => {
  for (const target of [{ snapshot: 3 }, { number: blockNumber(9) }, "genesis"] as const)
    expect(decodeRevert(encodeRevert(target))).toEqual(target);
  const both = concatBytes(fromHex("0x0800000010000000"), new Uint8Array(16));
  expect(decodeRevert(both)).toBeUndefined();
});
