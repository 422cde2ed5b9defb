/** eth_getBlobSidecars and eth_getBlobSidecarByTxHash, in the form that BSC's and op's clients give them. */
import { to0x } from "@noema/core/bytes";
import { type BlobTransaction, blobsOf, blobTransaction, blobTransactionsOf } from "../../ethereum/blob-sidecars.ts";
import { blockId } from "../../ethereum/block-id.ts";
import { OF_BLOBS } from "../../ethereum/error-sets.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { boolean, hash, optional } from "../../json-rpc/parsers.ts";
import { DATA, HASH, list, members, nullable, QUANTITY } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";

/** Of a blob where only its beginning is asked for. */
const SHORT_BYTES = 32;

const SIDECAR = {
  ...members({
    blobSidecar: members({ blobs: list(DATA), commitments: list(DATA), proofs: list(DATA) }),
    blockHash: HASH,
    blockNumber: QUANTITY,
    txHash: HASH,
    txIndex: QUANTITY,
  }),
  title: "BlobSidecar",
  description: "of a transaction",
};
const whole = optional(boolean, true);

export function blobSidecarMethods(c: EthContext): Record<string, RpcMethod> {
  async function render(record: BlobTransaction, full: boolean): Promise<Record<string, unknown>> {
    const blobs = await blobsOf(c, record);
    return {
      blobSidecar: {
        blobs: blobs.map(({ blob }) => to0x(full ? blob : blob.subarray(0, SHORT_BYTES))),
        commitments: blobs.map(({ commitment }) => to0x(commitment)),
        proofs: blobs.flatMap(({ proofs }) => proofs.map(to0x)),
      },
      blockHash: to0x(record.block.hash),
      blockNumber: `0x${record.block.number.toString(16)}`,
      txHash: to0x(record.hash),
      txIndex: `0x${record.block.index.toString(16)}`,
    };
  }

  return {
    eth_getBlobSidecars: method({
      summary: "the blobs of a block's transactions; null where there is no such block",
      params: [
        ["block", blockId],
        ["full blobs", whole],
      ],
      result: nullable(list(SIDECAR)),
      errors: OF_BLOBS,
      async run(id, full) {
        const number = await c.blocks.find(id);
        if (number === undefined) return null;
        const shown: Record<string, unknown>[] = [];
        for (const record of await blobTransactionsOf(c, number)) shown.push(await render(record, full));
        return shown;
      },
    }),
    eth_getBlobSidecarByTxHash: method({
      summary: "the blobs of a transaction; null where no block has one of that hash that has blobs",
      params: [
        ["hash", hash],
        ["full blobs", whole],
      ],
      result: nullable(SIDECAR),
      errors: OF_BLOBS,
      async run(h, full) {
        const found = blobTransaction(await c.execution.transaction(h));
        return found === undefined ? null : render(found, full);
      },
    }),
  };
}
