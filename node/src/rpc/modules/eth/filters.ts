/**
 * Polled filters. Blocks never leave `latest`, so a filter keeps only the number up to which it was read, and changes are
 * looked up when asked; pending-transaction filters keep hashes, bounded. Filters expire when nobody asks.
 */
import { randomBytes } from "node:crypto";
import { blockNumber } from "@noema/core/block-number";
import { to0x } from "@noema/core/bytes";
import type { BlockNumber } from "@noema/core/ports/bytes";
import type { BlockRecord } from "@noema/execution/api";
import { rpcError } from "../../errors.ts";
import { renderLog } from "../../ethereum/render-transaction.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { text } from "../../json-rpc/parsers.ts";
import type { EthContext } from "./context.ts";
import { findLogs, type LogQuery, logQuery, MAX_LOG_RANGE, queryRange } from "./log-filter.ts";

const MAX_FILTERS = 1000;
const FILTER_EXPIRY_MS = 5 * 60_000; // geth's
const MAX_PENDING_HASHES = 10_000;
const MAX_PENDING_FILTERS = 50; // 50 MB of hashes
const MAX_BLOCK_HASHES = 10_000;

type Kind = { type: "logs"; query: LogQuery } | { type: "blocks" } | { type: "pending"; hashes: string[]; stop: () => void };
type Filter = Kind & { readTo: BlockNumber; usedMs: number };

export function createFilters(c: EthContext): { methods: Record<string, RpcMethod>; size(): number; close(): void } {
  const filters = new Map<string, Filter>();

  function remove(id: string): boolean {
    const filter = filters.get(id);
    if (filter?.type === "pending") filter.stop();
    return filters.delete(id);
  }

  function expire(): void {
    const oldest = c.clock.nowMs() - FILTER_EXPIRY_MS;
    for (const [id, filter] of filters) if (filter.usedMs < oldest) remove(id);
  }

  function install(create: () => Kind): string {
    expire();
    if (filters.size >= MAX_FILTERS)
      throw rpcError("RPC_LIMIT", `${filters.size} filters are installed, at most ${MAX_FILTERS}`, {
        limit: MAX_FILTERS,
      });
    const id = to0x(randomBytes(16));
    filters.set(id, { ...create(), readTo: c.chain.tags().latest.number, usedMs: c.clock.nowMs() });
    return id;
  }

  function use(id: string): Filter {
    expire();
    const filter = filters.get(id);
    if (filter === undefined) throw rpcError("RPC_FILTER_UNKNOWN", "filter not found");
    filter.usedMs = c.clock.nowMs();
    return filter;
  }

  function installPending(): string {
    expire();
    if ([...filters.values()].filter((x) => x.type === "pending").length >= MAX_PENDING_FILTERS)
      throw rpcError("RPC_LIMIT", `at most ${MAX_PENDING_FILTERS} filters for pending transactions; eth_subscribe has no such limit`);
    const hashes: string[] = [];
    const stop = c.onPending(({ tx }) => {
      if (hashes.length < MAX_PENDING_HASHES) hashes.push(to0x(tx.hash));
    });
    try {
      return install(() => ({ type: "pending", hashes, stop }));
    } catch (error) {
      stop();
      throw error;
    }
  }

  async function blockHashes(from: BlockNumber, to: BlockNumber): Promise<string[]> {
    const out: string[] = [];
    for (let h = Math.max(from, to - MAX_BLOCK_HASHES + 1); h <= to; h++)
      out.push(to0x(((await c.execution.block(blockNumber(h))) as BlockRecord).hash));
    return out;
  }

  async function logChanges(query: LogQuery, from: BlockNumber, to: BlockNumber): Promise<unknown[]> {
    if (query.blockHash !== undefined) return [];
    const low = query.fromBlock !== undefined && "number" in query.fromBlock ? query.fromBlock.number : 0;
    const high = query.toBlock !== undefined && "number" in query.toBlock ? query.toBlock.number : to;
    const [first, last] = [blockNumber(Math.max(from, low, to - MAX_LOG_RANGE + 1)), blockNumber(Math.min(to, high))];
    return first > last ? [] : (await findLogs(c, query, first, last)).map(renderLog);
  }

  async function changes(id: string): Promise<unknown[]> {
    const filter = use(id);
    if (filter.type === "pending") return filter.hashes.splice(0);
    const [from, to] = [blockNumber(filter.readTo + 1), c.chain.tags().latest.number];
    filter.readTo = blockNumber(Math.max(filter.readTo, to)); // before the first await: two polls at once never see one change twice
    if (from > to) return [];
    try {
      return filter.type === "blocks" ? await blockHashes(from, to) : await logChanges(filter.query, from, to);
    } catch (error) {
      filter.readTo = blockNumber(from - 1); // nothing lost: the next poll tries again
      throw error;
    }
  }

  const id = ["filter id", text(66)] as const;
  const methods: Record<string, RpcMethod> = {
    eth_newFilter: method([["filter", logQuery]], (query) => install(() => ({ type: "logs", query }))),
    eth_newBlockFilter: method([], () => install(() => ({ type: "blocks" }))),
    eth_newPendingTransactionFilter: method([], installPending),
    eth_getFilterChanges: method([id], changes),
    eth_getFilterLogs: method([id], async (x) => {
      const filter = use(x);
      if (filter.type !== "logs") throw rpcError("RPC_FILTER_UNKNOWN", "filter not found");
      const { from, to } = await queryRange(c, filter.query);
      return (await findLogs(c, filter.query, from, to)).map(renderLog);
    }),
    eth_uninstallFilter: method([id], remove, { open: true }),
  };
  return {
    methods,
    size: () => filters.size,
    close: () => {
      for (const x of [...filters.keys()]) remove(x);
    },
  };
}
