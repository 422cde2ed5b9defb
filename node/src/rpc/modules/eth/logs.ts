import { renderLog } from "../../ethereum/render-transaction.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import type { EthContext } from "./context.ts";
import { logQuery } from "./log-filter.ts";
import { findLogs, queryRange } from "./log-query.ts";

export function logMethods(c: EthContext): Record<string, RpcMethod> {
  return {
    eth_getLogs: method([["filter", logQuery]], async (query) => {
      const { from, to } = await queryRange(c, query);
      return (await findLogs(c, query, from, to)).map((log) => renderLog(log));
    }),
  };
}
