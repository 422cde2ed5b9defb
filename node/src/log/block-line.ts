/** One line a block. */
import type { Logger } from "@noema/core/ports/logger";
import type { ExecutedBlock } from "@noema/execution/api";

export function logBlock(logger: Logger, executed: ExecutedBlock): void {
  const { block, included, skipped } = executed;
  const fields: Record<string, unknown> = { height: block.height, hash: block.hash, txs: included.length, gas: block.gasUsed };
  if (skipped.length > 0) fields.skipped = skipped.length;
  logger.log("info", "block", fields);
}
