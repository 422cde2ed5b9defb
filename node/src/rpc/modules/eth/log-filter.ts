/** Log filters of eth_getLogs, eth_newFilter and subscriptions. */
import { blockNumber } from "@noema/core/block-number";
import { equalBytes } from "@noema/core/bytes";
import type { BlockNumber, Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { ChainReads, LogRecord } from "@noema/execution/api";
import { rpcError } from "../../errors.ts";
import { type BlockId, LATEST, numberOrTag } from "../../ethereum/block-id.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import type { Parser } from "../../json-rpc/method.ts";
import { address, array, hash, object, optional } from "../../json-rpc/parsers.ts";
import type { EthContext } from "./context.ts";

/** Blocks that one query may span, and logs that it may return: an answer stays under some tens of MB. */
export const MAX_LOG_RANGE = 100_000;
export const MAX_LOGS = 10_000;
const MAX_ADDRESSES = 1000;
const MAX_TOPIC_CHOICES = 1000;

export type LogCriteria = { addresses?: Bytes[]; topics?: (Hash[] | null)[] };
export type LogQuery = LogCriteria & { fromBlock?: BlockId; toBlock?: BlockId; blockHash?: Hash };

function oneOrMany<T>(item: Parser<T>, max: number): Parser<T[]> {
  const many = array(item, max);
  return { read: (value, name) => (Array.isArray(value) ? many.read(value, name) : [item.read(value, name)]) };
}

const topic: Parser<Hash[] | null> = {
  read(value, name) {
    if (value === null) return null;
    if (Array.isArray(value) && value.includes(null)) return null;
    const choices = oneOrMany(hash, MAX_TOPIC_CHOICES).read(value, name);
    return choices.length === 0 ? null : choices;
  },
};

const shape = object({
  fromBlock: optional(numberOrTag),
  toBlock: optional(numberOrTag),
  blockHash: optional(hash),
  address: optional(oneOrMany(address, MAX_ADDRESSES)),
  topics: optional(array(topic, 4)),
});

export const logQuery: Parser<LogQuery> = {
  read(value, name) {
    const { address: addresses, ...rest } = shape.read(value, name);
    if (rest.blockHash !== undefined && (rest.fromBlock !== undefined || rest.toBlock !== undefined))
      throw invalidParams(`${name}: cannot specify both blockHash and fromBlock/toBlock, choose one or the other`);
    const { fromBlock, toBlock } = rest;
    if (fromBlock !== undefined && toBlock !== undefined && "number" in fromBlock && "number" in toBlock)
      checkOrder(fromBlock.number, toBlock.number);
    return { ...rest, addresses: addresses?.length === 0 ? undefined : addresses };
  },
};

/** geth's words, which execution-apis' tests have. */
function checkOrder(from: BlockNumber, to: BlockNumber): void {
  if (from > to) throw invalidParams(`invalid block range params: from ${from} to ${to}`);
}

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

export function matchesLog(criteria: LogCriteria, log: LogRecord): boolean {
  if (criteria.addresses !== undefined && !criteria.addresses.some((a) => equalBytes(a, log.address))) return false;
  return (criteria.topics ?? []).every((choices, i) => {
    const actual = log.topics[i];
    return choices === null || (actual !== undefined && choices.some((t) => equalBytes(t, actual)));
  });
}
