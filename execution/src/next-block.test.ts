/** What is asked about the next block: estimates, the pending state, and who cannot pay for it. */
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, fromHex } from "@noema/core/bytes";
import { describe, expect, it } from "vitest";
import { COINBASE, signedTx, startChain, testAddress } from "./testing/chain.ts";

const word = (n: number) => fromHex(n.toString(16).padStart(64, "0"));
/** Writes slot 1 when the time in slot 0 is not now's; stores now. */
const CLOCK = "0x00000000000000000000000000000000000000d0";
/** Returns NUMBER, TIMESTAMP, BASEFEE. */
const TELL = "0x00000000000000000000000000000000000000d1";
/** Stores the first word of its input in slot 0. */
const STORE = "0x00000000000000000000000000000000000000d2";
/** Calls STORE with all its gas, and reverts when that failed: needs more gas than it uses (EIP-150). */
const PASS = "0x00000000000000000000000000000000000000d3";
/** Burns all its gas. */
const BURN = "0x00000000000000000000000000000000000000d4";
/** Stores PREVRANDAO in slot 0. */
const DICE = "0x00000000000000000000000000000000000000d6";
/** Reads slot 0. */
const READ = "0x00000000000000000000000000000000000000d5";
const alloc = {
  [CLOCK]: { code: "0x425f5414600f57425f5560014255005b00" },
  [TELL]: { code: "0x435f52426020524860405260605ff3" },
  [STORE]: { code: "0x5f355f5500" },
  [PASS]: { code: "0x5f355f525f5f60205f5f60d25af16014575f5ffd5b00" },
  [READ]: { code: "0x5f5400" },
  [DICE]: { code: "0x445f5500" },
  [BURN]: { code: "0x5b5f56" },
};
const poor = fromHex("0x00000000000000000000000000000000000000f0");

describe("the next block", () => {
  it("is where estimates run: a clock that has gone on costs what it will cost", async () => {
    const { service, input, next } = await startChain({ alloc });
    const call = { from: testAddress(1), to: fromHex(CLOCK) };
    await service.execute(input(1, [signedTx(0, { nonce: 0n, to: CLOCK })]));
    expect(await service.estimateGas(call, next(1, [], 0)), "the parent's second, which may be over when the block comes").toBe(48_129n);
    const later = await service.estimateGas(call, next(1, [], 3));
    expect(later).toBe(48_129n); // what anvil and Hardhat say
    expect(await service.estimateGas(call, next(1, [], 3), [], blockNumber(1)), "a tag chooses the state, not the clock").toBe(later);
    const { included } = await service.execute(input(2, [signedTx(1, { nonce: 0n, to: CLOCK, gasLimit: later })]));
    expect(included).toMatchObject([{ ok: true }]);
  });

  it("has a random value of its own: storing it costs what storing another value than the last block's costs", async () => {
    const { service, input, next } = await startChain({ alloc });
    const dice = (height: number, byte: number, gasLimit?: bigint) => ({
      ...input(height, [signedTx(0, { nonce: BigInt(height - 1), to: DICE, ...(gasLimit && { gasLimit }) })]),
      prevRandao: new Uint8Array(32).fill(byte),
    });
    await service.execute(dice(1, 1));
    const gas = await service.estimateGas({ from: testAddress(0), to: fromHex(DICE) }, next(1, [], 2));
    expect(gas).toBe(26_004n); // 21,004 and 5,000 for a slot that is not zero (EIP-2929)
    expect((await service.execute(dice(2, 2, gas))).included).toMatchObject([{ ok: true }]);
  });

  it("has the number, time and base fee that the block will have", async () => {
    const { service, input, next } = await startChain({ alloc });
    await service.execute(input(1));
    const { output } = await service.call({ to: fromHex(TELL) }, next(1, [], 2));
    const { block } = await service.execute(input(2));
    expect(output).toEqual(concatBytes(word(2), word(Number(block.timestamp)), word(Number(block.baseFeePerGas))));
    const { number, timestamp, baseFeePerGas, parentHash } = block;
    const other = await startChain({ alloc });
    await other.service.execute(other.input(1));
    expect(await other.service.nextBlock(other.next(1, [], 2))).toMatchObject({ number, timestamp, baseFeePerGas, parentHash });
    const early = await other.service.nextBlock(other.next(1, [], -100));
    expect(early.timestamp, "later than the parent").toBe(block.timestamp - 1n);
  });

  it("holds what the pool would add, and forgets it", async () => {
    const { service, next } = await startChain({ alloc });
    const pool = [signedTx(0, { nonce: 0n, to: STORE, data: word(7), value: 0n }), signedTx(0, { nonce: 1n, to: COINBASE, value: 5n })];
    const pending = next(0, [...pool, signedTx(2, { nonce: 9n, to: STORE, data: word(8) })]);
    expect(await service.slot(pending, fromHex(STORE), word(0)), "the one behind a gap is passed over").toBe(7n);
    expect((await service.account(pending, COINBASE)).balance).toBe(5n);
    expect((await service.account(pending, testAddress(0))).nonce).toBe(2n);
    expect(await service.slot(blockNumber(0), fromHex(STORE), word(0))).toBe(0n);
    const again = { from: testAddress(1), to: fromHex(STORE), data: word(7) };
    // 21,147 before SSTORE, which asks for more than 2,300 (EIP-2200), and takes 22,100 where it sets a slot.
    expect(await service.estimateGas(again, pending)).toBe(23_448n);
    expect(await service.estimateGas(again, next(0))).toBe(43_247n);
    expect(await service.estimateGas(again, pending, [], blockNumber(0)), "a tag leaves the pool out").toBe(43_247n);
  });

  it("holds only what the pool's time is enough for", async () => {
    let now = 0;
    const { service, next } = await startChain({ alloc, nowMs: () => (now += 30) }); // 50 ms: one look at the clock before the second
    const pending = next(
      0,
      [0n, 1n].map((nonce) => signedTx(0, { nonce, to: COINBASE, value: 5n })),
    );
    expect((await service.account(pending, testAddress(0))).nonce).toBe(1n);
  });

  it("estimates to the unit where a call asks for more gas than it uses", async () => {
    const { service, next } = await startChain({ alloc });
    const call = { from: testAddress(1), to: fromHex(PASS), data: word(5) };
    const gas = await service.estimateGas(call, next(0));
    expect((await service.call({ ...call, gas }, next(0))).ok).toBe(true);
    expect((await service.call({ ...call, gas: gas - 1n }, next(0))).ok).toBe(false);
  });

  it("tells a poor account so, with the figures", async () => {
    const { service, next } = await startChain({ alloc });
    const priced = { from: poor, to: fromHex(STORE), data: word(1), maxFeePerGas: 10n ** 10n };
    await expect(service.estimateGas(priced, next(0))).rejects.toMatchObject({
      code: "TX_INSUFFICIENT_FUNDS",
      message: expect.stringMatching(/^insufficient funds for gas \* price \+ value: address 0x0{38}f0 have 0 want [1-9]/),
    });
    const sending = service.estimateGas({ from: poor, to: COINBASE, value: 1n }, next(0));
    await expect(sending).rejects.toMatchObject({ code: "TX_INSUFFICIENT_FUNDS", data: { balance: 0n, cost: 1n } });
    const enoughForSome = [{ address: poor, balance: 30_000n * 10n ** 10n }];
    await expect(service.estimateGas(priced, next(0), enoughForSome)).rejects.toMatchObject({
      code: "CALL_FAILED",
      message: "gas required exceeds allowance (30000)",
    });
    await expect(service.estimateGas({ to: fromHex(BURN), gas: 50_000n }, next(0))).rejects.toMatchObject({
      message: "gas required exceeds allowance (50000)",
    });
    const call = service.call({ from: poor, to: COINBASE, value: 1n }, blockNumber(0));
    await expect(call).rejects.toMatchObject({ code: "TX_INSUFFICIENT_FUNDS" });
  });

  it("refuses what no transaction could be", async () => {
    const { service, next } = await startChain({ alloc });
    const authorization = { chainId: 0n, address: COINBASE, nonce: 0n, yParity: 0, r: 1n, s: 1n };
    const to = fromHex(STORE);
    const cases = [
      [{ to, authorizationList: [] }, "TX_AUTHORIZATIONS_EMPTY"],
      [{ data: word(0), authorizationList: [authorization] }, "TX_CREATE_NOT_ALLOWED"],
      [{ to, blobVersionedHashes: [] }, "TX_BLOBS_INVALID"],
      [{ to, blobVersionedHashes: [word(0)] }, "TX_BLOBS_INVALID"],
      [{ data: word(0), blobVersionedHashes: [fromHex(`0x01${"00".repeat(31)}`)] }, "TX_CREATE_NOT_ALLOWED"],
      [{ data: new Uint8Array(49_153) }, "TX_INITCODE_TOO_LARGE"],
      [{ to, maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 10n ** 10n }, "TX_TIP_ABOVE_FEE_CAP"],
    ] as const;
    for (const [request, code] of cases) {
      await expect(service.estimateGas(request as object, next(0))).rejects.toMatchObject({ code });
      await expect(service.call(request as object, blockNumber(0))).rejects.toMatchObject({ code });
    }
  });

  it("lists no access that the gas cannot pay for", async () => {
    const { service, next } = await startChain({ alloc });
    const call = { from: testAddress(1), to: fromHex(STORE), data: word(1) };
    const { accessList, gasUsed } = await service.createAccessList(call, next(0));
    expect(accessList).toEqual([{ address: fromHex(STORE), storageKeys: [word(0)] }]);
    expect(await service.createAccessList({ ...call, gas: gasUsed }, next(0))).toEqual({ accessList, gasUsed });
    const read = { to: fromHex(READ), gas: 24_000n }; // 23,102 without the list; the list alone makes it 25,300
    await expect(service.createAccessList(read, next(0))).rejects.toMatchObject({ code: "TX_INTRINSIC_GAS_TOO_LOW" });
  });
});

it("keeps all state where genesis says so", async () => {
  const { service, input } = await startChain({ alloc, history: 0 });
  for (let h = 1; h <= 140; h++) await service.execute(input(h, [signedTx(0, { nonce: BigInt(h - 1), to: STORE, data: word(h) })]));
  expect(await service.slot(blockNumber(0), fromHex(STORE), word(0))).toBe(0n);
  expect(await service.slot(blockNumber(3), fromHex(STORE), word(0))).toBe(3n);
  expect((await service.account(blockNumber(1), testAddress(0))).nonce).toBe(1n);
});
