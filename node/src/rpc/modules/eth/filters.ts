/**
 * Polled filters. Blocks never leave `latest`, so a filter keeps only the number up to which it was read, and changes are
 * looked up when asked; pending-transaction filters keep hashes, bounded.
 */
import { blockNumber } from "@noema/core/block-number";
import { to0x } from "@noema/core/bytes";
import type { BlockNumber } from "@noema/core/ports/bytes";
import { rpcError } from "../../errors.ts";
import { renderLog } from "../../ethereum/render-transaction.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { text } from "../../json-rpc/parsers.ts";
import type { EthContext } from "./context.ts";
import { createFilterStore } from "./filter-store.ts";
import { headersOf } from "./headers.ts";
import { findLogs, type LogQuery, logQuery, MAX_LOG_RANGE, queryRange } from "./log-filter.ts";

const MAX_PENDING_HASHES = 10_000;
const MAX_PENDING_FILTERS = 50; // 50 MB of hashes
const MAX_BLOCK_HASHES = 10_000;

export function createFilters(c: EthContext): { methods: Record<string, RpcMethod>; size(): number; close(): void } {
  const filters = createFilterStore(c.clock, () => c.chain.tags().latest.number);

  function installPending(): string {
    if (filters.count("pending") >= MAX_PENDING_FILTERS)
      throw rpcError("RPC_LIMIT", `at most ${MAX_PENDING_FILTERS} filters for pending transactions; eth_subscribe has no such limit`);
    return filters.install(() => {
      const hashes: string[] = [];
      const stop = c.onPending(({ tx }) => {
        if (hashes.length < MAX_PENDING_HASHES) hashes.push(to0x(tx.hash));
      });
      return { type: "pending", hashes, stop };
    });
  }

  async function blockHashes(from: BlockNumber, to: BlockNumber): Promise<string[]> {
    const headers = await headersOf(c, blockNumber(Math.max(from, to - MAX_BLOCK_HASHES + 1)), to);
    return headers.map((x) => to0x(x.hash));
  }

  async function logChanges(query: LogQuery, from: BlockNumber, to: BlockNumber): Promise<unknown[]> {
    if (query.blockHash !== undefined) return [];
    const low = query.fromBlock !== undefined && "number" in query.fromBlock ? query.fromBlock.number : 0;
    const high = query.toBlock !== undefined && "number" in query.toBlock ? query.toBlock.number : to;
    const [first, last] = [blockNumber(Math.max(from, low, to - MAX_LOG_RANGE + 1)), blockNumber(Math.min(to, high))];
    return first > last ? [] : (await findLogs(c, query, first, last)).map(renderLog);
  }

  async function changes(id: string): Promise<unknown[]> {
    const filter = filters.use(id);
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
    eth_newFilter: method([["filter", logQuery]], (query) => filters.install(() => ({ type: "logs", query }))),
    eth_newBlockFilter: method([], () => filters.install(() => ({ type: "blocks" }))),
    eth_newPendingTransactionFilter: method([], installPending),
    eth_getFilterChanges: method([id], changes),
    eth_getFilterLogs: method([id], async (x) => {
      const filter = filters.use(x);
      if (filter.type !== "logs") throw rpcError("RPC_FILTER_UNKNOWN", "filter not found");
      const { from, to } = await queryRange(c, filter.query);
      return (await findLogs(c, filter.query, from, to)).map(renderLog);
    }),
    eth_uninstallFilter: method([id], filters.remove, { open: true }),
  };
  return { methods, size: filters.count, close: filters.close };
}
