import { testAddress } from "@noema/execution/testing/chain";
import { expect, it } from "vitest";
import { packBlock, unpackBlock } from "./packed-block.ts";

it("transactions and senders come out of the bytes as they went in, empty and unknown ones too", () => {
  const rest = { height: 3, timestampMs: 7, coinbase: testAddress(1), prevRandao: new Uint8Array(32), system: [] };
  const block = {
    ...rest,
    parentConsensusHash: new Uint8Array(32).fill(4),
    txs: [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4)],
    senders: [testAddress(2), undefined, testAddress(3)],
  };
  expect(unpackBlock(structuredClone(packBlock(block)))).toEqual(block);
  const { senders: _, ...unknown } = block;
  expect(unpackBlock(packBlock(unknown))).toEqual({ ...block, senders: [undefined, undefined, undefined] });
  expect(unpackBlock(packBlock({ ...block, txs: [], senders: [] }))).toEqual({ ...block, txs: [], senders: [] });
});
