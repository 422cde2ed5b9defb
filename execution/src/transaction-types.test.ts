/** Each type of transaction through a block, and the authorizations and access lists of calls. */

import { createAccessList2930Tx, createBlob4844Tx, createEOACode7702Tx, createLegacyTx } from "@ethereumjs/tx";
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, fromHex, to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import { createSharedCommon } from "./engine/reference/common.ts";
import { rlpEncode, rlpInt } from "./rlp/encode.ts";
import { CHAIN_ID, signedTx, startChain, testAddress, testKey } from "./testing/chain.ts";
import { signHash } from "./transactions/secp256k1.ts";
import { CURVE_ORDER } from "./transactions/signature.ts";

/** Returns CALLER and the first blob hash. */
const TELL = "0x335f525f4960205260405ff3";
const TELL_AT = "0x00000000000000000000000000000000000000c7";
const BLOB_HASH = `0x01${"ab".repeat(31)}` as `0x${string}`;
const common = createSharedCommon("osaka", CHAIN_ID);
const opts = { common, freeze: false };
const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n, gasLimit: 200_000n, chainId: BigInt(CHAIN_ID) };

/** Code that stores 1 in slot 0: as a delegation it acts on the account itself. */
const SET = "0x60015f5500";
const SET_AT = "0x00000000000000000000000000000000000000c8";

function authorization(index: number, nonce: bigint) {
  const address = fromHex(SET_AT);
  const message = keccak256(concatBytes(Uint8Array.of(5), rlpEncode([rlpInt(CHAIN_ID), address, rlpInt(nonce)])));
  const { signature, yParity } = signHash(message, testKey(index));
  const r = BigInt(to0x(signature.subarray(0, 32)));
  const s = BigInt(to0x(signature.subarray(32)));
  return { chainId: BigInt(CHAIN_ID), address, nonce, yParity, r, s };
}

it("runs types 0 to 4", async () => {
  const { service, input } = await startChain({ alloc: { [TELL_AT]: { code: TELL }, [SET_AT]: { code: SET } } });
  const a = authorization(3, 0n);
  const hex = (n: bigint) => `0x${n.toString(16)}` as `0x${string}`;
  const txs = [
    createLegacyTx({ to: TELL_AT, gasPrice: 10n ** 10n, gasLimit: 100_000n }, opts).sign(testKey(0)),
    createAccessList2930Tx(
      { ...fees, nonce: 1n, to: TELL_AT, gasPrice: 10n ** 10n, accessList: [{ address: TELL_AT, storageKeys: [] }] },
      opts,
    ).sign(testKey(0)),
    createBlob4844Tx({ ...fees, nonce: 2n, to: TELL_AT, maxFeePerBlobGas: 10n ** 9n, blobVersionedHashes: [BLOB_HASH] }, opts).sign(
      testKey(0),
    ),
    createEOACode7702Tx(
      {
        ...fees,
        to: to0x(testAddress(3)) as `0x${string}`,
        authorizationList: [
          { chainId: hex(a.chainId), address: SET_AT, nonce: "0x", yParity: a.yParity === 0 ? "0x" : "0x1", r: hex(a.r), s: hex(a.s) },
        ],
      },
      opts,
    ).sign(testKey(1)),
  ].map((tx) => tx.serialize());
  const { receipts, skipped, block } = await service.execute(input(1, [...txs, signedTx(2, { nonce: 0n, to: TELL_AT })]));
  expect(skipped).toEqual([]);
  expect(receipts.map((r) => [r.type, r.ok])).toEqual([
    [0, true],
    [1, true],
    [3, true],
    [4, true],
    [2, true],
  ]);
  expect(receipts[2]).toMatchObject({ blobGasUsed: 131_072n, blobGasPrice: 1n });
  expect(block.blobGasUsed).toBe(131_072n);
  expect(block.size).toBeGreaterThan(block.headerRlp.length);
  expect(await service.code(blockNumber(1), testAddress(3))).toEqual(concatBytes(Uint8Array.of(0xef, 1, 0), fromHex(SET_AT)));
  expect(await service.slot(blockNumber(1), testAddress(3), new Uint8Array(32))).toBe(1n);
  expect((await service.receipts(blockNumber(1))).map((r) => r.effectiveGasPrice)).toEqual(receipts.map((r) => r.effectiveGasPrice));
  expect(await service.receipt(receipts[3]?.txHash as Uint8Array)).toEqual(receipts[3]);
  expect((await service.transactions(blockNumber(1))).map((tx) => tx.raw)).toEqual([...txs, signedTx(2, { nonce: 0n, to: TELL_AT })]);
});

it("applies authorizations and access lists in calls, and asks for what gas costs", async () => {
  const { service } = await startChain({ alloc: { [SET_AT]: { code: SET } } });
  const to = testAddress(3);
  const plain = await service.call({ to }, blockNumber(0));
  const delegated = await service.call({ to, authorizationList: [authorization(3, 0n)] }, blockNumber(0));
  expect(plain.gasUsed).toBe(21_000n);
  expect(delegated.ok).toBe(true);
  expect(delegated.gasUsed, "a slot was written").toBeGreaterThan(21_000n + 20_000n);
  const stale = await service.call({ to, authorizationList: [authorization(3, 1n)] }, blockNumber(0));
  expect(stale.gasUsed, "an authorization of another nonce is passed over, and paid").toBe(21_000n + 25_000n);
  const own = await service.call({ from: to, to, authorizationList: [authorization(3, 1n)] }, blockNumber(0));
  expect(own.gasUsed, "the sender's own: its nonce has moved on by then").toBe(delegated.gasUsed);
  const known = await service.call({ from: testAddress(2), to, authorizationList: [authorization(2, 1n)] }, blockNumber(0));
  expect(known.gasUsed, "half is given back for an account that exists, a fifth of all at most").toBe(46_000n - 46_000n / 5n);
  const a = authorization(3, 0n);
  const flipped = { ...a, s: CURVE_ORDER - a.s, yParity: 1 - a.yParity };
  const malleable = await service.call({ to, authorizationList: [flipped] }, blockNumber(0));
  expect(malleable.gasUsed, "the other s is passed over, as in a block").toBe(stale.gasUsed);
  const warm = await service.call({ to, accessList: [{ address: to, storageKeys: [new Uint8Array(32)] }] }, blockNumber(0));
  expect(warm.gasUsed).toBe(21_000n + 2400n + 1900n);
  const poor = { from: fromHex("0x00000000000000000000000000000000000000f0"), to };
  expect((await service.call(poor, blockNumber(0))).ok).toBe(true);
  const priced = service.call({ ...poor, maxFeePerGas: 10n ** 10n, gas: 21_000n }, blockNumber(0));
  await expect(priced).rejects.toMatchObject({ code: "TX_INSUFFICIENT_FUNDS", data: { balance: 0n, cost: 21_000n * 10n ** 10n } });
  await expect(service.call({ ...poor, gasPrice: 1n, gas: 21_000n }, blockNumber(0))).rejects.toMatchObject({ code: "TX_FEE_CAP_TOO_LOW" });
});
