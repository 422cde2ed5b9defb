/** Senders that come with a block: found by this process before, and what happens where one is wrong. */

import { blockNumber } from "@noema/core/block-number";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import type { BlockInput } from "../api.ts";
import { createPoolFixture, CHAIN as POOL_CHAIN, transfer } from "../pool/testing/pool-fixture.ts";
import { forkOf } from "../rules/forks.ts";
import { signedTx, startChain, testAddress } from "../testing/chain.ts";
import { createBatchChecker } from "../transactions/check-batch.ts";
import { decodeTransaction } from "../transactions/decode.ts";
import { identifyHere } from "../transactions/identify.ts";
import { createIdentityCache } from "../transactions/identity-cache.ts";
import { recoverSender } from "../transactions/recover-sender.ts";

const to = `0x${"dd".repeat(20)}` as const;
const again = (txs: readonly Uint8Array[]) => txs.map((raw) => recoverSender(decodeTransaction(raw)));

it("a block is the same with them, with some of them and without", async () => {
  const txs = [0, 1, 2].flatMap((nonce) => [0, 1, 2, 3].map((n) => signedTx(n, { nonce: BigInt(nonce), to, value: BigInt(n) })));
  const bad = [Uint8Array.of(1, 2, 3), signedTx(0, { nonce: 9n, to }), txs[0] as Uint8Array];
  const senders = [...again(txs), undefined, testAddress(0), testAddress(0)];
  const given = [undefined, senders, senders.map((x, i) => (i % 2 === 0 ? x : undefined))];
  const told = [];
  for (const some of given) {
    const { service, input } = await startChain();
    told.push(await service.execute({ ...input(1, [...txs, ...bad]), ...(some && { senders: some }) }));
  }
  expect([told[0]?.txs, told[0]?.skipped.length]).toEqual([12, 3]);
  expect(told[1]).toEqual(told[0]);
  expect(told[2]).toEqual(told[0]);
});

it("pool and batch check give the senders that a recovery gives, in order", async () => {
  const { pool } = createPoolFixture();
  await pool.start();
  const raws = [0, 1, 2].flatMap((nonce) => [3, 1, 2].map((n) => transfer(n, nonce)));
  await pool.addAll(raws, "local");
  const taken = pool.take(1_000_000, 10n ** 9n);
  expect(taken?.txs.length).toBe(9);
  expect(taken?.senders).toEqual(again(taken?.txs ?? []));
  const limits = { chainId: POOL_CHAIN, fork: forkOf("osaka"), maxTransactions: 100, maxBytes: 100_000, maxGas: 10n ** 9n };
  const checked = await createBatchChecker(limits, createIdentityCache(identifyHere, createSimClock())).check(raws);
  expect("senders" in checked && checked.senders).toEqual(again(raws));
});

it("one of them is recovered again at each height: senders that do not belong to the transactions stop the block, which is not kept", async () => {
  const { service, input } = await startChain();
  const txs = [0, 1, 2].map((n) => signedTx(n, { nonce: 0n, to }));
  const shifted: BlockInput = { ...input(1, txs), senders: [1, 2, 0].map(testAddress) };
  await expect(service.execute(shifted)).rejects.toMatchObject({ code: "EXEC_SENDER_WRONG", data: { sender: testAddress(2) } });
  expect((await service.execute(input(1, txs))).txs).toBe(3);
});

it("a single wrong one that is not looked at gives another state: what other validators vote for, and `noema reexecute` finds, is not that", async () => {
  const txs = [0, 1, 2].map((n) => signedTx(n, { nonce: 0n, to }));
  const [wrong, right] = [await startChain(), await startChain()];
  const { result } = await wrong.service.execute({ ...wrong.input(1, txs), senders: [0, 1, 3].map(testAddress) });
  expect(result.stateRoot).not.toEqual((await right.service.execute(right.input(1, txs))).result.stateRoot);
  expect((await wrong.service.receipts(blockNumber(1)))[2]?.from).toEqual(testAddress(3));
});
