/** Log filters of eth_getLogs, eth_newFilter and subscriptions, as clients write them. */
import { equalBytes } from "@noema/core/bytes";
import type { BlockNumber, Bytes, Hash } from "@noema/core/ports/bytes";
import type { LogRecord } from "@noema/execution/records";
import { type BlockId, numberOrTag } from "../../ethereum/block-id.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import type { Parser } from "../../json-rpc/method.ts";
import { address, array, hash, object, optional } from "../../json-rpc/parsers.ts";
import { either, list, NULL, nullable } from "../../json-rpc/schema.ts";

/** Blocks that one query may span, and logs that it may return: an answer stays under some tens of MB. */
export const MAX_LOG_RANGE = 100_000;
export const MAX_LOGS = 10_000;
const MAX_ADDRESSES = 1000;
const MAX_TOPIC_CHOICES = 1000;

export type LogCriteria = { addresses?: Bytes[]; topics?: (Hash[] | null)[] };
export type LogQuery = LogCriteria & { fromBlock?: BlockId; toBlock?: BlockId; blockHash?: Hash };

function oneOrMany<T>(item: Parser<T>, max: number): Parser<T[]> {
  const many = array(item, max);
  const schema = either(item.schema, many.schema);
  return { schema, read: (value, name) => (Array.isArray(value) ? many.read(value, name) : [item.read(value, name)]) };
}

const topic: Parser<Hash[] | null> = {
  schema: either(hash.schema, list(nullable(hash.schema), MAX_TOPIC_CHOICES), NULL),
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
  schema: { ...shape.schema, title: "LogFilter", description: "by address and topics, in a range of blocks or in one by its hash" },
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
export function checkOrder(from: BlockNumber, to: BlockNumber): void {
  if (from > to) throw invalidParams(`invalid block range params: from ${from} to ${to}`);
}

export function matchesLog(criteria: LogCriteria, log: LogRecord): boolean {
  if (criteria.addresses !== undefined && !criteria.addresses.some((a) => equalBytes(a, log.address))) return false;
  return (criteria.topics ?? []).every((choices, i) => {
    const actual = log.topics[i];
    return choices === null || (actual !== undefined && choices.some((t) => equalBytes(t, actual)));
  });
}
