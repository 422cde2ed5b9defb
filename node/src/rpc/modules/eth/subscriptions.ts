/** eth_subscribe over WebSocket: newHeads, logs, newPendingTransactions, syncing. One listener on the chain serves all connections. */
import { to0x } from "@noema/core/bytes";
import { rpcError } from "../../errors.ts";
import { randomId } from "../../ethereum/random-id.ts";
import { renderHeader } from "../../ethereum/render-block.ts";
import { renderLog, renderPooled } from "../../ethereum/render-transaction.ts";
import { type Connection, connectionMethod, type RpcMethod } from "../../json-rpc/method.ts";
import { anything, boolean, optional, text, word } from "../../json-rpc/parsers.ts";
import { BOOLEAN, noted, QUANTITY } from "../../json-rpc/schema.ts";
import { syncingStatus } from "./chain.ts";
import type { EthContext } from "./context.ts";
import { createHeadFeed } from "./head-feed.ts";
import { type LogCriteria, logQuery, matchesLog } from "./log-filter.ts";

const MAX_SUBSCRIPTIONS = 100; // a connection
const SYNC_PROGRESS_MS = 10_000;
const KINDS = ["newHeads", "logs", "newPendingTransactions", "syncing"] as const;
type Kind = (typeof KINDS)[number];

function required(connection: Connection | undefined): Connection {
  if (connection === undefined) throw rpcError("RPC_NEEDS_WEBSOCKET", "notifications not supported");
  return connection;
}

export function subscriptionMethods(c: EthContext): Record<string, RpcMethod> {
  const follow = createHeadFeed(c);
  const heads = (send: (result: unknown) => void) => follow((head) => send(renderHeader(head)));

  const logs = (criteria: LogCriteria, send: (result: unknown) => void) =>
    c.logs.listen((log, removed) => {
      if (matchesLog(criteria, log)) send(renderLog(log, removed));
    });

  const pending = (full: boolean, send: (result: unknown) => void) =>
    c.onPending((added) => send(full ? renderPooled(added) : to0x(added.tx.hash)));

  /** geth's form: false, or {syncing: true, status}; at once, when it changes, and now and then while it lasts. */
  const syncing = (send: (result: unknown) => void) => {
    let told: { syncing: boolean; atMs: number } | undefined;
    const tell = () => {
      const status = syncingStatus(c);
      const [now, atMs] = [status !== false, c.clock.nowMs()];
      if (told?.syncing === now && (!now || atMs < told.atMs + SYNC_PROGRESS_MS)) return;
      told = { syncing: now, atMs };
      send(status === false ? false : { syncing: true, status });
    };
    tell();
    return c.chain.onHead(tell);
  };

  function start(kind: Kind, argument: unknown, send: (result: unknown) => void): () => void {
    if (kind === "newHeads") return heads(send);
    if (kind === "logs") return logs(argument === undefined ? {} : logQuery.read(argument, "filter"), send);
    if (kind === "newPendingTransactions") return pending(optional(boolean, false).read(argument, "full"), send);
    return syncing(send);
  }

  function subscribe(given: Connection | undefined, kind: Kind, argument: unknown): string {
    const connection = required(given);
    const open = connection.subscriptions;
    if (open.size >= MAX_SUBSCRIPTIONS)
      throw rpcError("RPC_LIMIT", `${open.size} subscriptions on this connection, at most ${MAX_SUBSCRIPTIONS}`);
    const id = randomId();
    open.set(
      id,
      start(kind, argument ?? undefined, (result) => connection.notify(id, result)),
    );
    return id;
  }

  function unsubscribe(given: Connection | undefined, id: string): boolean {
    const open = required(given).subscriptions;
    const stop = open.get(id);
    if (stop === undefined) throw rpcError("RPC_SUBSCRIPTION_UNKNOWN", "subscription not found");
    stop();
    return open.delete(id);
  }

  return {
    eth_subscribe: connectionMethod({
      summary: "notifications over WebSocket from now on; the id that they carry",
      params: [
        ["kind", word(...KINDS)],
        ["argument", { ...anything, schema: noted(logQuery.schema, "of logs; of newPendingTransactions: true, for whole transactions") }],
      ],
      result: QUANTITY,
      errors: ["RPC_NEEDS_WEBSOCKET", "RPC_LIMIT"],
      run: subscribe,
    }),
    eth_unsubscribe: connectionMethod({
      summary: "ends a subscription",
      params: [["subscription", text(66)]],
      result: BOOLEAN,
      errors: ["RPC_NEEDS_WEBSOCKET", "RPC_SUBSCRIPTION_UNKNOWN"],
      open: true,
      run: unsubscribe,
    }),
  };
}
