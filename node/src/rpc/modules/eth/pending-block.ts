/** The `pending` block: `latest` plus what the pool would add, hash null. */
import { to0x, ZERO_HASH } from "@noema/core/bytes";
import type { BlockRecord } from "@noema/execution/records";
import { nextBlock } from "../../ethereum/next-block.ts";
import { renderBlock, renderHeader } from "../../ethereum/render-block.ts";
import { renderPooled } from "../../ethereum/render-transaction.ts";
import type { EthContext } from "./context.ts";

/** What only execution can know is the parent's or zero; hash, nonce and miner are null, as geth's. */
const UNKNOWN = { hash: null, nonce: null, miner: null };

async function nextRecord(c: EthContext): Promise<BlockRecord> {
  const head = (await c.execution.block(c.chain.tags().latest.number)) as BlockRecord;
  const next = await c.execution.nextBlock(nextBlock(c));
  const unknown = { gasUsed: 0n, blobGasUsed: 0n, logsBloom: new Uint8Array(256), size: 0, parentBeaconBlockRoot: ZERO_HASH };
  return { ...head, ...next, ...unknown };
}

export async function renderPendingHeader(c: EthContext): Promise<Record<string, unknown>> {
  return { ...renderHeader(await nextRecord(c)), ...UNKNOWN };
}

export async function renderPendingBlock(c: EthContext, full: boolean): Promise<Record<string, unknown>> {
  const block = await nextRecord(c);
  const transactions = c.pool.next().transactions.map((pooled) => (full ? renderPooled(pooled) : to0x(pooled.tx.hash)));
  return { ...renderBlock(block, transactions), ...UNKNOWN };
}
