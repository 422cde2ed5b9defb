/** eth_getLogs: blocks whose bloom cannot hold the filter are passed over unread. */
import { setImmediate } from "node:timers/promises";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import type { LogChangesFilter, LogFilter } from "../api.ts";
import { execError } from "../errors.ts";
import type { LogRecord } from "../records.ts";
import { type BloomBits, bloomBits, bloomHas } from "./bloom.ts";
import { readTransactions } from "./bodies.ts";
import { changesOfChain, isCanonical } from "./numbers.ts";
import { receiptRecord } from "./records.ts";
import { readBlock, readBlocks, type StoredBlock } from "./store.ts";

/** Blocks read between two turns of the event loop, some ms: a block to be executed does not wait for a long scan. */
const STEP = 1000;

/** `goOn`: asked before each block. */
export type Scanning = { fork: string; step?: number; goOn?(): void };
type Has = (block: StoredBlock) => boolean;

/** Throws LIMIT_EXCEEDED. `between`: the heights of the filter's numbers, which the caller has looked up. */
export function findLogs(
  snapshot: KvSnapshot,
  filter: LogFilter,
  between: { from: Height; to: Height },
  scanning: Scanning,
): Promise<LogRecord[]> {
  return search(snapshot, filter, between, (block) => isCanonical(snapshot, block), scanning);
}

/** What the chain has won and lost of them since a height, newest losses first. Throws LIMIT_EXCEEDED. `head`: the newest height. */
export async function findLogChanges(
  snapshot: KvSnapshot,
  filter: LogChangesFilter,
  head: Height,
  scanning: Scanning,
): Promise<{ removed: LogRecord[]; added: LogRecord[] }> {
  const { after, upTo, from, to } = filter;
  const isMeant = ({ header }: StoredBlock) => header.number >= from && header.number <= to;
  const { lost, isWon } = changesOfChain(snapshot, after, upTo, head);
  const removed: LogRecord[] = [];
  const wanted = bloomTests(filter);
  for (const height of lost) {
    scanning.goOn?.();
    const block = readBlock(snapshot, height, scanning.fork) as StoredBlock;
    const logs: LogRecord[] = [];
    scan(snapshot, block, filter, wanted, isMeant, logs);
    removed.push(...logs.reverse());
    checkLimit(removed, filter);
  }
  const isAdded = (block: StoredBlock) => isMeant(block) && isWon(block.height);
  return { removed, added: await search(snapshot, filter, { from: after + 1, to: upTo }, isAdded, scanning) };
}

async function search(
  snapshot: KvSnapshot,
  filter: LogFilter,
  between: { from: Height; to: Height },
  has: Has,
  { fork, step = STEP, goOn }: Scanning,
): Promise<LogRecord[]> {
  const found: LogRecord[] = [];
  const wanted = bloomTests(filter);
  for (let from = between.from; from <= between.to; from += step) {
    if (from > between.from) await setImmediate();
    for (const block of readBlocks(snapshot, from, Math.min(between.to, from + step - 1), fork)) {
      goOn?.();
      scan(snapshot, block, filter, wanted, has, found);
    }
  }
  return found;
}

function scan(
  snapshot: KvSnapshot,
  block: StoredBlock,
  filter: LogFilter,
  wanted: readonly BloomBits[][],
  has: Has,
  found: LogRecord[],
): void {
  const { gasUsed, logsBloom } = block.header;
  if (gasUsed === 0n || !wanted.every((any) => any.some((bits) => bloomHas(logsBloom, bits))) || !has(block)) return;
  for (const stored of readTransactions(snapshot, block.height))
    for (const log of receiptRecord(stored, block).logs) {
      if (!matches(filter, log)) continue;
      found.push(log);
      checkLimit(found, filter);
    }
}

function checkLimit(found: readonly LogRecord[], { limit, to }: LogFilter): void {
  if (found.length > limit) throw execError("LIMIT_EXCEEDED", `more than ${limit} logs up to block ${to}`, { limit });
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
