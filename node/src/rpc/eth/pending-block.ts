/** The `pending` block: `latest` plus what the pool would add, hash null. */
import { to0x, ZERO_HASH } from "@noema/core/bytes";
import type { BlockRecord } from "@noema/execution/api";
import type { PooledTransaction } from "../deps.ts";
import type { EthContext } from "./context.ts";
import { quantityHex } from "./hex.ts";
import { renderBlock } from "./render-block.ts";
import { renderPooled } from "./render-transaction.ts";

/** Transactions that the next block can hold by their gas limits, in the pool's order. */
export async function pendingTransactions(c: EthContext): Promise<readonly PooledTransaction[]> {
  const head = (await c.execution.block(c.chain.heights().latest)) as BlockRecord;
  const out: PooledTransaction[] = [];
  let gas = 0n;
  for (const pooled of c.pool.content().pending) {
    gas += pooled.tx.gasLimit;
    if (gas > head.gasLimit) break;
    out.push(pooled);
  }
  return out;
}

/** What only execution can know is null; the parent is the head. */
export async function renderPendingBlock(c: EthContext, full: boolean): Promise<Record<string, unknown>> {
  const head = (await c.execution.block(c.chain.heights().latest)) as BlockRecord;
  const [fees, txs] = await Promise.all([c.execution.nextBaseFee(head.height), pendingTransactions(c)]);
  const transactions = txs.map((pooled) => (full ? renderPooled(pooled) : to0x(pooled.tx.hash)));
  const timestamp = BigInt(Math.floor(c.clock.nowMs() / 1000));
  const block: BlockRecord = {
    ...head,
    height: head.height + 1,
    parentHash: head.hash,
    timestamp: timestamp > head.timestamp ? timestamp : head.timestamp,
    baseFeePerGas: fees.baseFeePerGas,
    gasUsed: 0n,
    logsBloom: new Uint8Array(256),
    size: 0,
    parentBeaconBlockRoot: ZERO_HASH,
  };
  return { ...renderBlock(block, transactions), hash: null, nonce: null, miner: null, logsBloom: null, number: quantityHex(block.height) };
}
