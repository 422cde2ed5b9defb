import { blockNumber } from "@noema/core/block-number";
import { keccak256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import type { BlockRecord } from "../records.ts";
import { asBytes, asList, rlpDecode } from "../rlp/decode.ts";
import { FORKS } from "../rules/forks.ts";
import { CHAIN_ID, startChain, testAddress, testGenesis, testKey } from "../testing/chain.ts";
import { signTransaction } from "../transactions/testing/sign-transaction.ts";
import { orderedRoot } from "../trie/ordered.ts";
import { encodeBlock, encodeReceipts } from "./consensus-form.ts";

/** Emits its calldata's first word as a topic. */
const LOGS = "0x60003560006000a1";
const LOG_ADDRESS = `0x${"ab".repeat(20)}` as const;

it.each(FORKS)("%s: a block and its receipts come back as they were hashed", async (fork) => {
  const { service, input } = await startChain({
    genesis: { ...testGenesis(2, { [LOG_ADDRESS]: { code: LOGS } }), fork },
  });
  const to = [testAddress(5), new Uint8Array(20).fill(0xab)];
  const txs = to.map((to, i) =>
    signTransaction(
      { type: i === 0 ? 0 : 1, to, chainId: BigInt(CHAIN_ID), gasLimit: 60_000n, maxFeePerGas: 2n * 10n ** 9n, data: new Uint8Array(i) },
      testKey(i),
    ),
  );
  await service.execute(input(1, txs));
  const block = (await service.block(blockNumber(1))) as BlockRecord;
  const stored = await service.transactions(block.number);
  const encoded = encodeBlock(
    block.headerRlp,
    stored.map((x) => x.raw),
  );
  expect(encoded).toHaveLength(block.size);
  const [, listed, ommers, ...more] = asList(rlpDecode(encoded));
  expect([ommers, ...more]).toEqual(["berlin", "london", "paris"].includes(fork) ? [[]] : [[], []]);
  expect(asList(listed).map((x) => (x instanceof Uint8Array ? keccak256(x) : "legacy"))).toEqual(["legacy", block.txHashes[1]]);
  const receipts = encodeReceipts(await service.receipts(block.number));
  expect(orderedRoot(receipts.length, (i) => receipts[i] as Uint8Array)).toEqual(block.receiptsRoot);
  expect(asList(asList(rlpDecode((receipts[1] as Uint8Array).subarray(1)))[3])).toHaveLength(1);
  expect(asBytes(asList(rlpDecode(receipts[0] as Uint8Array))[0])).toEqual(Uint8Array.of(1));
});
