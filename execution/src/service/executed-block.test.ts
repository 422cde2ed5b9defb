/** What is told of a block does not grow with it, but for the hashes of its transactions; what is left out is there to be asked for. */
import { blockNumber } from "@noema/core/block-number";
import { expect, it } from "vitest";
import { splitHashes } from "../blocks/hashes.ts";
import { signedTx, startChain } from "../testing/chain.ts";

const FAIL_AT = "0x00000000000000000000000000000000000000c1";
const to = `0x${"dd".repeat(20)}` as const;

it("shows all receipts of few transactions, and of many the first three that failed, with why", async () => {
  const chain = await startChain({ alloc: { [FAIL_AT]: { code: "0x365f5f37365ffd" } } });
  const service = await chain.reopen();
  const txs = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => signedTx(0, { nonce: BigInt(from + i), to: i % 5 === 4 ? FAIL_AT : to }));
  const few = await service.execute(chain.input(1, txs(0, 20)));
  expect([few.txs, few.failed, few.shown.length]).toEqual([20, 4, 20]);
  const many = await service.execute(chain.input(2, txs(20, 21)));
  expect([many.txs, many.failed, many.shown.map((x) => [x.txIndex, x.failure?.error])]).toEqual([
    21,
    4,
    [4, 9, 14].map((i) => [i, "revert"]),
  ]);
  const all = await service.receipts(blockNumber(2));
  expect(splitHashes(many.included)).toEqual(all.map((x) => x.txHash));
  for (const { failure: _, ...receipt } of many.shown) expect(all[receipt.txIndex]).toEqual(receipt);
  const again = await service.execute(chain.input(2));
  expect(again).toEqual({ ...many, shown: many.shown.map((x) => ({ ...x, failure: undefined })) });
});
