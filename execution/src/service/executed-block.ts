/** What is told of an executed height (api.ts). It crosses threads, so it holds packed bytes and few objects. */
import { compareBytes } from "@noema/core/bytes";
import type { ExecutedBlock } from "../api.ts";
import { listOf, placed, type StoredBody, type StoredTransaction } from "../blocks/bodies.ts";
import { joinHashes } from "../blocks/hashes.ts";
import { execResult, headRecord, receiptRecord } from "../blocks/records.ts";
import type { StoredBlock, StoredHeight } from "../blocks/store.ts";
import { packTouched, type TouchedRecord } from "../blocks/touched.ts";
import type { ExecutedTransaction } from "../engine/engine.ts";
import type { DevView } from "../system/dev-view.ts";
import type { Reading } from "./context.ts";
import { feesAfter } from "./next-env.ts";

/** As many as somebody reads. */
const MAX_SHOWN = 20;
const MAX_FAILED_SHOWN = 3;

/** `newest`: the newest EVM block after the height. */
export function executedBlock(
  context: Reading,
  stored: StoredHeight,
  newest: StoredBlock,
  { executed, skipped, operations }: StoredBody,
  after: { touched: readonly TouchedRecord[]; dev: DevView | undefined } & Pick<ExecutedBlock, "reverted" | "taken">,
): ExecutedBlock {
  const { hashes, listed } = listOf(executed);
  const failed = executed.filter((tx) => !tx.ok);
  return {
    result: execResult(stored, newest),
    block: stored.block && headRecord(stored.block, listed),
    quiet: stored.quiet?.count ?? 0,
    txs: executed.length,
    failed: failed.length,
    included: joinHashes(hashes),
    shown: shownOf(executed).map((x) => ({
      ...receiptRecord(x, stored.block ?? newest),
      failure: x.tx.failure,
      ...(x.tx.console && { console: x.tx.console }),
    })),
    skipped: skipped.map(({ hash, code, retry }) => ({ hash, code, retry })),
    operations: operations.map(({ data: _, ...told }) => told),
    touched: packTouched(after.touched.toSorted((a, b) => compareBytes(a.address, b.address))), // the same when it is asked again
    dev: after.dev,
    reverted: after.reverted,
    taken: after.taken,
    nextFees: feesAfter(context, newest, after.dev?.baseFee),
  };
}

function shownOf(executed: readonly ExecutedTransaction[]): readonly StoredTransaction[] {
  if (executed.length <= MAX_SHOWN) return placed(executed);
  if (executed.every((tx) => tx.ok)) return [];
  return placed(executed)
    .filter(({ tx }) => !tx.ok)
    .slice(0, MAX_FAILED_SHOWN);
}
