/** What executed blocks held, in sums; the returned function takes each block that becomes `latest`. */
import type { Metrics } from "@noema/core/ports/metrics";
import type { ExecutedBlock } from "@noema/execution/api";

export function countBlocks(metrics: Metrics): (block: ExecutedBlock) => void {
  const counter = (name: string, help: string) => metrics.counter(`noema_execution_${name}_total`, help);
  const blocks = counter("blocks", "Blocks that became the newest here, without the empty ones of idle heights");
  const transactions = counter("transactions", "Transactions in them");
  const failed = counter("failed_transactions", "Transactions of them that failed");
  const skipped = counter("skipped_transactions", "Transactions that were ordered and could not be included");
  const gas = counter("gas", "Gas that they used");
  return (executed) => {
    if (executed.block !== undefined) blocks();
    transactions(executed.txs);
    failed(executed.failed);
    skipped(executed.skipped.length);
    gas(Number(executed.block?.gasUsed ?? 0n));
  };
}
