/** eth_getLogs: blocks whose bloom cannot hold the filter are passed over unread. */
import { setImmediate } from "node:timers/promises";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import type { LogFilter, LogRecord } from "../api.ts";
import { execError } from "../errors.ts";
import { type BloomBits, bloomBits, bloomHas } from "./bloom.ts";
import { readTransactions } from "./bodies.ts";
import { isCanonical } from "./numbers.ts";
import { receiptRecord } from "./records.ts";
import { readBlocks, type StoredBlock } from "./store.ts";

/** Blocks read between two turns of the event loop, some ms: a block to be executed does not wait for a long scan. */
const STEP = 1000;

/** Throws LIMIT_EXCEEDED. `between`: the heights of the filter's numbers, which the caller has looked up. */
export async function findLogs(
  snapshot: KvSnapshot,
  filter: LogFilter,
  between: { from: Height; to: Height },
  fork: string,
  step = STEP,
  goOn: () => void = () => undefined,
): Promise<LogRecord[]> {
  const found: LogRecord[] = [];
  const wanted = bloomTests(filter);
  for (let from = between.from; from <= between.to; from += step) {
    if (from > between.from) await setImmediate();
    for (const block of readBlocks(snapshot, from, Math.min(between.to, from + step - 1), fork)) {
      goOn();
      scan(snapshot, block, filter, wanted, found);
    }
  }
  return found;
}

function scan(snapshot: KvSnapshot, block: StoredBlock, filter: LogFilter, wanted: readonly BloomBits[][], found: LogRecord[]): void {
  const { gasUsed, logsBloom } = block.header;
  if (gasUsed === 0n || !wanted.every((any) => any.some((bits) => bloomHas(logsBloom, bits)))) return;
  if (!isCanonical(snapshot, block)) return;
  for (const stored of readTransactions(snapshot, block.height))
    for (const log of receiptRecord(stored, block).logs) {
      if (!matches(filter, log)) continue;
      found.push(log);
      if (found.length > filter.limit)
        throw execError("LIMIT_EXCEEDED", `more than ${filter.limit} logs up to block ${filter.to}`, { limit: filter.limit });
    }
}

/** Each entry: at least one of these must be in the bloom. */
function bloomTests(filter: LogFilter): BloomBits[][] {
  const groups: Bytes[][] = [filter.addresses ?? [], ...(filter.topics ?? []).map((position) => position ?? [])];
  return groups.filter((group) => group.length > 0).map((group) => group.map(bloomBits));
}

function matches(filter: LogFilter, log: LogRecord): boolean {
  if (filter.addresses?.length && !has(filter.addresses, log.address)) return false;
  const topics = filter.topics ?? [];
  // A position that matches everything still asks for a topic there, as in geth.
  if (topics.length > log.topics.length) return false;
  return topics.every((wanted, i) => !wanted?.length || has(wanted, log.topics[i] as Bytes));
}

function has(set: readonly Bytes[], bytes: Bytes): boolean {
  return set.some((each) => Buffer.compare(each, bytes) === 0);
}
