/** eth_subscribe over WebSocket: newHeads, logs, newPendingTransactions, syncing. One listener on the chain serves all connections. */
import { randomBytes } from "node:crypto";
import { to0x } from "@noema/core/bytes";
import { rpcError } from "../../errors.ts";
import { renderHeader } from "../../ethereum/render-block.ts";
import { renderLog, renderPooled } from "../../ethereum/render-transaction.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import { type Connection, connectionMethod, type RpcMethod } from "../../json-rpc/method.ts";
import { anything, boolean, optional, text } from "../../json-rpc/parsers.ts";
import { syncingStatus } from "./chain.ts";
import type { EthContext } from "./context.ts";
import { followHeads } from "./head-feed.ts";
import { type LogCriteria, logQuery, matchesLog } from "./log-filter.ts";

const MAX_SUBSCRIPTIONS = 100; // a connection
const SYNC_PROGRESS_MS = 10_000;

function required(connection: Connection | undefined): Connection {
  if (connection === undefined) throw rpcError("RPC_NEEDS_WEBSOCKET", "notifications not supported");
  return connection;
}

export function subscriptionMethods(c: EthContext): Record<string, RpcMethod> {
  const heads = (send: (result: unknown) => void) => followHeads(c, (head) => send(renderHeader(head)));

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

  function start(kind: string, argument: unknown, send: (result: unknown) => void): () => void {
    if (kind === "newHeads") return heads(send);
    if (kind === "logs") return logs(argument === undefined ? {} : logQuery.read(argument, "filter"), send);
    if (kind === "newPendingTransactions") return pending(optional(boolean, false).read(argument, "full"), send);
    if (kind === "syncing") return syncing(send);
    throw invalidParams(`unknown subscription ${JSON.stringify(kind)}: expected newHeads, logs, newPendingTransactions or syncing`);
  }

  function subscribe(given: Connection | undefined, kind: string, argument: unknown): string {
    const connection = required(given);
    const open = connection.subscriptions;
    if (open.size >= MAX_SUBSCRIPTIONS)
      throw rpcError("RPC_LIMIT", `${open.size} subscriptions on this connection, at most ${MAX_SUBSCRIPTIONS}`);
    const id = to0x(randomBytes(16));
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

  const kind = ["kind", text(40)] as const;
  return {
    eth_subscribe: connectionMethod([kind, ["argument", anything]], subscribe),
    eth_unsubscribe: connectionMethod([["subscription", text(66)]], unsubscribe, { open: true }),
  };
}
