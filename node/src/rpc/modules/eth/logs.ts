import { renderLog } from "../../ethereum/render-transaction.ts";
import { LOG } from "../../ethereum/shapes.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { list } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";
import { logQuery, MAX_LOG_RANGE, MAX_LOGS } from "./log-filter.ts";
import { findLogs, OF_LOGS, queryRange } from "./log-query.ts";

export function logMethods(c: EthContext): Record<string, RpcMethod> {
  return {
    eth_getLogs: method({
      summary: `logs of at most ${MAX_LOG_RANGE} blocks, at most ${MAX_LOGS}`,
      params: [["filter", logQuery]],
      result: list(LOG),
      errors: OF_LOGS,
      async run(query) {
        const { from, to } = await queryRange(c, query);
        return (await findLogs(c, query, from, to)).map((log) => renderLog(log));
      },
    }),
  };
}
