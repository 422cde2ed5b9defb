/** What the chain has of a log filter. */
import { blockNumber } from "@noema/core/block-number";
import type { BlockNumber, Height } from "@noema/core/ports/bytes";
import type { ChainReads } from "@noema/execution/api";
import type { LogRecord } from "@noema/execution/records";
import { rpcError } from "../../errors.ts";
import { type BlockId, LATEST } from "../../ethereum/block-id.ts";
import { AT_BLOCK } from "../../ethereum/error-sets.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import type { EthContext } from "./context.ts";
import { checkOrder, type LogCriteria, type LogQuery, MAX_LOG_RANGE, MAX_LOGS } from "./log-filter.ts";

/** Codes of what follows. */
export const OF_LOGS = [...AT_BLOCK, "RPC_LIMIT", "LIMIT_EXCEEDED"];

/** The numbers of a query. A caller that is ahead of this node must not take "not yet" for "no logs": -32602, as geth answers. */
export async function queryRange(c: EthContext, query: LogQuery): Promise<{ from: BlockNumber; to: BlockNumber }> {
  if (query.blockHash !== undefined) {
    const number = await c.blocks.require({ hash: query.blockHash });
    return { from: number, to: number };
  }
  const bound = (id: BlockId) => ("number" in id ? id.number : c.blocks.require(id));
  const from = await bound(query.fromBlock ?? LATEST);
  const to = await bound(query.toBlock ?? LATEST);
  checkOrder(from, to);
  const { latest } = c.chain.tags();
  if (to > latest.number) throw invalidParams(`block range extends beyond current head block: to ${to}, the head is ${latest.number}`);
  return { from, to };
}

export async function findLogs(c: EthContext, criteria: LogCriteria, from: BlockNumber, to: BlockNumber): Promise<LogRecord[]> {
  if (to - from >= MAX_LOG_RANGE) {
    const message = `block range too large: ${to - from + 1} blocks, at most ${MAX_LOG_RANGE}`;
    throw rpcError("RPC_LIMIT", message, { value: to - from + 1, limit: MAX_LOG_RANGE });
  }
  return c.execution.logs({ ...criteriaOf(criteria), from, to, limit: MAX_LOGS });
}

/** Of heights that follow `after`, within the numbers that the query names: a tag is no bound of what is to come. */
export function findLogChanges(
  c: EthContext,
  query: LogQuery,
  span: { after: Height; upTo: Height },
): ReturnType<ChainReads["logChanges"]> {
  const bound = (id: BlockId | undefined, open: number) => (id !== undefined && "number" in id ? id.number : blockNumber(open));
  const [from, to] = [bound(query.fromBlock, 0), bound(query.toBlock, Number.MAX_SAFE_INTEGER)];
  return c.execution.logChanges({ ...criteriaOf(query), ...span, from, to, limit: MAX_LOGS });
}

function criteriaOf({ addresses, topics }: LogCriteria): LogCriteria {
  return { ...(addresses && { addresses }), ...(topics && { topics }) };
}
