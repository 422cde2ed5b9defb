/** Reasons of skipped transactions that take a special sender, a full block or blobs; the others: service.test.ts. */
import { createBlob4844Tx } from "@ethereumjs/tx";
import { fromHex, to0x } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { createSharedCommon } from "../engine/reference/common.ts";
import { CHAIN_ID, signedTx, startChain, testAddress, testKey } from "../testing/chain.ts";

const TO = "0x00000000000000000000000000000000000000c7";
const opts = { common: createSharedCommon("osaka", CHAIN_ID), freeze: false };

function blobTx(index: number, blobs: number, maxFeePerBlobGas = 10n ** 9n): Uint8Array {
  const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n, gasLimit: 100_000n, chainId: BigInt(CHAIN_ID) };
  const blobVersionedHashes = Array.from({ length: blobs }, (_, i) => `0x01${i.toString(16).padStart(62, "0")}` as const);
  return createBlob4844Tx({ ...fees, to: TO, maxFeePerBlobGas, blobVersionedHashes }, opts)
    .sign(testKey(index))
    .serialize();
}

it("skips a contract's transaction, and takes that of an account that delegates", async () => {
  const funded = { balance: "1000000000000000000" };
  const delegation = to0x(Uint8Array.of(0xef, 1, 0, ...fromHex(TO)));
  const alloc = { [to0x(testAddress(0))]: { ...funded, code: "0x00" }, [to0x(testAddress(1))]: { ...funded, code: delegation } };
  const { service, input } = await startChain({ alloc });
  const { skipped, included } = await service.execute(input(1, [signedTx(0, { to: TO }), signedTx(1, { to: TO })]));
  expect(skipped.map((x) => [x.code, x.retry])).toEqual([["SKIP_SENDER_CODE", false]]);
  expect(included.length).toBe(1);
});

it("skips what has no room left in the block, which comes again", async () => {
  const { service, input } = await startChain();
  const burn = (index: number) => signedTx(index, { to: undefined, data: fromHex("0xfe"), gasLimit: 16_000_000n }); // uses all of its gas
  const { skipped, included } = await service.execute(input(1, [burn(0), burn(1), signedTx(2, { to: TO })]));
  expect(skipped.map((x) => [x.code, x.retry])).toEqual([["SKIP_BLOCK_GAS", true]]);
  expect(included.length).toBe(2);
});

it("skips what offers too little for its blobs, and blobs beyond the block's", async () => {
  const { service, input } = await startChain();
  const { skipped, included } = await service.execute(input(1, [blobTx(0, 1, 0n), blobTx(1, 6), blobTx(2, 6), blobTx(3, 1)]));
  expect(skipped.map((x) => [x.code, x.retry])).toEqual([
    ["SKIP_BLOB_FEE", true],
    ["SKIP_BLOB_GAS", true],
  ]);
  expect(included.length).toBe(2);
});
