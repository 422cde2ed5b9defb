/** Block tags, numbers and EIP-1898 objects, resolved to a number. */
import { blockNumber } from "@noema/core/block-number";
import { to0x } from "@noema/core/bytes";
import type { BlockNumber, Hash } from "@noema/core/ports/bytes";
import type { StateId } from "@noema/execution/api";
import type { RpcDeps } from "../deps.ts";
import { rpcError } from "../errors.ts";
import { invalidParams } from "../json-rpc/error.ts";
import type { Parser } from "../json-rpc/method.ts";
import { boolean, hash, object, optional, smallQuantity } from "../json-rpc/parsers.ts";
import { type JsonSchema, oneOf, QUANTITY } from "../json-rpc/schema.ts";
import { nextBlock } from "./next-block.ts";

const TAGS = ["latest", "safe", "finalized", "pending", "earliest"] as const;
export type BlockTag = (typeof TAGS)[number];
export type BlockId = { tag: BlockTag } | { number: BlockNumber } | { hash: Hash };
export const LATEST: BlockId = { tag: "latest" };

const number: Parser<BlockNumber> = { schema: QUANTITY, read: (value, name) => blockNumber(smallQuantity().read(value, name)) };
const byObject = object({ blockHash: optional(hash), blockNumber: optional(number), requireCanonical: optional(boolean) });
export const isPending = (id: BlockId) => "tag" in id && id.tag === "pending";
const isTag = (value: unknown): value is BlockTag => TAGS.includes(value as BlockTag);

const NUMBER_OR_TAG: JsonSchema = { title: "BlockNumber", description: "a number or a tag", anyOf: [QUANTITY, oneOf(...TAGS)] };

/** A number or a tag. */
export const numberOrTag: Parser<BlockId> = {
  schema: NUMBER_OR_TAG,
  read(value, name) {
    if (isTag(value)) return { tag: value };
    if (typeof value === "string" && !value.startsWith("0x"))
      throw invalidParams(`${name}: expected a block number in hex or one of ${TAGS.join(", ")}`);
    return { number: number.read(value, name) };
  },
};

/** A number, a tag, a block hash, or an object of EIP-1898. */
export const blockId: Parser<BlockId> = {
  schema: {
    title: "BlockId",
    description: "a number, a tag, a hash, or an object with one of blockHash and blockNumber (EIP-1898)",
    anyOf: [NUMBER_OR_TAG, hash.schema, byObject.schema],
  },
  read(value, name) {
    if (typeof value === "string" && value.length === 66) return { hash: hash.read(value, name) };
    if (typeof value !== "object" || value === null) return numberOrTag.read(value, name);
    const id = byObject.read(value, name);
    if ((id.blockHash === undefined) === (id.blockNumber === undefined))
      throw invalidParams(`${name}: give one of blockHash and blockNumber`);
    return id.blockHash === undefined ? { number: id.blockNumber as BlockNumber } : { hash: id.blockHash };
  },
};

/** A parameter: the newest where nothing is said. */
export const atBlock = ["block", optional(blockId, LATEST, "latest")] as const;

export interface BlockResolver {
  /** undefined: there is no such block. `pending` gives the number of `latest`, whose state it builds on. */
  find(id: BlockId): Promise<BlockNumber | undefined>;
  /** Throws -32001 where there is none. */
  require(id: BlockId): Promise<BlockNumber>;
  /** The state that an id names: `pending` is that within the next block. Throws -32001 where there is none. */
  state(id: BlockId): Promise<StateId>;
}

export function createBlockResolver(deps: RpcDeps): BlockResolver {
  const { chain, execution } = deps;

  async function find(id: BlockId): Promise<BlockNumber | undefined> {
    const tags = chain.tags();
    if ("hash" in id) {
      const block = await execution.block(id.hash);
      return block !== undefined && block.number <= tags.latest.number ? block.number : undefined;
    }
    if ("number" in id) return id.number <= tags.latest.number ? id.number : undefined;
    if (id.tag === "earliest") return blockNumber(0);
    return id.tag === "pending" ? tags.latest.number : tags[id.tag].number;
  }
  async function require(id: BlockId): Promise<BlockNumber> {
    const found = await find(id);
    if (found !== undefined) return found;
    const name = "hash" in id ? to0x(id.hash) : "number" in id ? String(id.number) : id.tag;
    throw rpcError("RPC_BLOCK_UNKNOWN", `block not found: ${name}, the head is ${chain.tags().latest.number}`);
  }
  return { find, require, state: async (id) => (isPending(id) ? nextBlock(deps) : require(id)) };
}
