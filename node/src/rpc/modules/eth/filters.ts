/**
 * Polled filters. A filter keeps only the height up to which it was read, which never falls, and changes are looked up when asked: what a
 * revert has taken from that height's chain comes back as removed. Pending-transaction filters keep hashes, bounded.
 */
import { to0x } from "@noema/core/bytes";
import type { Height } from "@noema/core/ports/bytes";
import { rpcError } from "../../errors.ts";
import { renderLog } from "../../ethereum/render-transaction.ts";
import { LOG } from "../../ethereum/shapes.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { text } from "../../json-rpc/parsers.ts";
import { BOOLEAN, either, HASH, list, QUANTITY } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";
import { createFilterStore } from "./filter-store.ts";
import { type LogQuery, logQuery, MAX_LOG_RANGE } from "./log-filter.ts";
import { findLogChanges, findLogs, OF_LOGS, queryRange } from "./log-query.ts";

const MAX_PENDING_HASHES = 10_000;
const MAX_PENDING_FILTERS = 50; // 50 MB of hashes
const MAX_BLOCK_HASHES = 10_000;
/** Some ms of the thread that answers. */
const AT_ONCE = 256;

export function createFilters(c: EthContext): { methods: Record<string, RpcMethod>; size(): number; close(): void } {
  const filters = createFilterStore(c.clock, () => c.chain.tags().latest.height);

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

  /** The newest: one height can have thousands that were asked for at once. */
  async function blockHashes(after: Height, upTo: Height): Promise<string[]> {
    const hashes: string[] = [];
    const least = Math.max(after, upTo - MAX_BLOCK_HASHES);
    for (let to = upTo; to > least && hashes.length < MAX_BLOCK_HASHES; to -= AT_ONCE) {
      const most = MAX_BLOCK_HASHES - hashes.length;
      const found = await c.execution.newBlocks({ after: Math.max(least, to - AT_ONCE), to, upTo, most });
      hashes.unshift(...found.map(({ hash }) => to0x(hash)));
    }
    return hashes;
  }

  async function logChanges(query: LogQuery, after: Height, upTo: Height): Promise<unknown[]> {
    if (query.blockHash !== undefined) return [];
    const { removed, added } = await findLogChanges(c, query, { after: Math.max(after, upTo - MAX_LOG_RANGE), upTo });
    return [...removed.map((log) => renderLog(log, true)), ...added.map((log) => renderLog(log))];
  }

  async function changes(id: string): Promise<unknown[]> {
    const filter = filters.use(id);
    if (filter.type === "pending") return filter.hashes.splice(0);
    const [after, upTo] = [filter.readTo, c.chain.tags().latest.height];
    filter.readTo = Math.max(after, upTo); // before the first await: two polls at once never see one change twice
    if (after >= upTo) return [];
    try {
      return filter.type === "blocks" ? await blockHashes(after, upTo) : await logChanges(filter.query, after, upTo);
    } catch (error) {
      filter.readTo = after; // nothing lost: the next poll tries again
      throw error;
    }
  }

  const id = ["filter id", text(66)] as const;
  const methods: Record<string, RpcMethod> = {
    eth_newFilter: method({
      summary: "a filter of logs, to be asked for what is new",
      params: [["filter", logQuery]],
      result: QUANTITY,
      errors: ["RPC_LIMIT"],
      run: (query) => filters.install(() => ({ type: "logs", query })),
    }),
    eth_newBlockFilter: method({
      summary: "a filter of blocks",
      params: [],
      result: QUANTITY,
      errors: ["RPC_LIMIT"],
      run: () => filters.install(() => ({ type: "blocks" })),
    }),
    eth_newPendingTransactionFilter: method({
      summary: "a filter of transactions that come into the pool",
      params: [],
      result: QUANTITY,
      errors: ["RPC_LIMIT"],
      run: installPending,
    }),
    eth_getFilterChanges: method({
      summary: "what is new since a filter was asked last: logs, or hashes",
      params: [id],
      result: either(list(HASH), list(LOG)),
      errors: ["RPC_FILTER_UNKNOWN", "LIMIT_EXCEEDED"],
      run: changes,
    }),
    eth_getFilterLogs: method({
      summary: "all logs that a filter finds",
      params: [id],
      result: list(LOG),
      errors: ["RPC_FILTER_UNKNOWN", ...OF_LOGS],
      async run(x) {
        const filter = filters.use(x);
        if (filter.type !== "logs") throw rpcError("RPC_FILTER_UNKNOWN", "filter not found");
        const { from, to } = await queryRange(c, filter.query);
        return (await findLogs(c, filter.query, from, to)).map((log) => renderLog(log));
      },
    }),
    eth_uninstallFilter: method({
      summary: "ends a filter; whether there was one",
      params: [id],
      result: BOOLEAN,
      open: true,
      run: filters.remove,
    }),
  };
  return { methods, size: filters.count, close: filters.close };
}
