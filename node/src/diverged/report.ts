/**
 * What is needed to find the cause of a divergence: for each height that may hold the first difference the Ethereum header that
 * this node made, its operations' and transactions' outcomes, what was skipped, and the state values before and after. Bounded: heights, then
 * entries of each list.
 */
import { to0x } from "@noema/core/bytes";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import type { ExecutionService } from "@noema/execution/api";
import type { ReceiptRecord } from "@noema/execution/records";

/** Between a header's result and that of the one before lie few heights: results are certified D = 3 heights later. */
const MAX_HEIGHTS = 8;
const MAX_ENTRIES = 1000;

export type Reported = Pick<ExecutionService, "result" | "block" | "receipts" | "outcome">;

/** Heights (agreed, height], the newest where they are too many. A part that cannot be read says why. */
export async function reportBlocks(execution: Reported, agreed: Height, height: Height): Promise<unknown[]> {
  const first = Math.max(agreed + 1, height - MAX_HEIGHTS + 1);
  const blocks: unknown[] = [];
  for (let at = first; at <= height; at++) blocks.push(await reportBlock(execution, at));
  return blocks;
}

async function reportBlock(execution: Reported, height: Height): Promise<unknown> {
  try {
    const result = await execution.result(height);
    const newest = result && (await execution.block(result.number));
    const block = newest?.height === height ? newest : undefined;
    const receipts = block === undefined ? [] : await execution.receipts(block.number);
    const { operations, skipped, changes, left } = await execution.outcome(height, MAX_ENTRIES);
    const header = block && { ...block, txHashes: undefined };
    const transactions = receipts.slice(0, MAX_ENTRIES).map(outcomeOf);
    return printable({
      height,
      header,
      transactions,
      transactionsLeft: receipts.length - transactions.length,
      operations,
      skipped,
      changes,
      changesLeft: left,
    });
  } catch (error) {
    return { height, unreadable: String(error) };
  }
}

function outcomeOf(receipt: ReceiptRecord) {
  const { txHash, from, to, contractAddress, ok, gasUsed, cumulativeGasUsed, logs, logsBloom } = receipt;
  return {
    txHash,
    from,
    to,
    contractAddress,
    ok,
    gasUsed,
    cumulativeGasUsed,
    logs: logs.length,
    logsBloom: logs.length > 0 ? logsBloom : undefined,
  };
}

/** Bytes as hex, bigints in decimal. */
export function printable(value: unknown): unknown {
  if (value instanceof Uint8Array) return to0x(value as Bytes);
  if (typeof value === "bigint") return `${value}`;
  if (Array.isArray(value)) return value.map(printable);
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, printable(v)]));
  return value;
}
