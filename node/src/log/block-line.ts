/** One line a height; without a hash: it made no EVM block. */
import type { Logger } from "@noema/core/ports/logger";
import type { ExecutedBlock } from "@noema/execution/api";

export function logBlock(logger: Logger, executed: ExecutedBlock): void {
  const { result, block, quiet, txs, skipped, operations } = executed;
  const fields: Record<string, unknown> = { height: result.height, hash: block?.hash, txs, gas: result.gasUsed };
  if (quiet > 0) fields.quiet = quiet;
  if (operations.length > 0) fields.operations = operations.length;
  if (skipped.length > 0) fields.skipped = skipped.length;
  logger.log("info", "block", fields);
}
