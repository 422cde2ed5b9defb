/** eth_getLogs: blocks whose bloom cannot hold the filter are passed over unread. */
import { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import type { LogFilter, LogRecord } from "../api.ts";
import { type BloomBits, bloomBits, bloomHas } from "./bloom.ts";
import { receiptRecords } from "./records.ts";
import { readBlocks, readBody } from "./store.ts";

/** Throws LIMIT_EXCEEDED. The caller has checked that `to` is executed. */
export function findLogs(snapshot: KvSnapshot, filter: LogFilter, fork: string): LogRecord[] {
  const found: LogRecord[] = [];
  const wanted = bloomTests(filter);
  for (const block of readBlocks(snapshot, filter.from, filter.to, fork)) {
    if (block.header.gasUsed === 0n || !wanted.every((any) => any.some((bits) => bloomHas(block.header.logsBloom, bits)))) continue;
    for (const receipt of receiptRecords(readBody(snapshot, block.header.height).executed, block))
      for (const log of receipt.logs) {
        if (!matches(filter, log)) continue;
        found.push(log);
        if (found.length > filter.limit)
          throw new NoemaError("LIMIT_EXCEEDED", `more than ${filter.limit} logs from ${filter.from} to ${filter.to}`, {
            limit: filter.limit,
          });
      }
  }
  return found;
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
