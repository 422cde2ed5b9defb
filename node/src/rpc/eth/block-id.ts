/** Block tags, numbers and EIP-1898 objects, resolved to a height. */
import { to0x } from "@noema/core/bytes";
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { StateId } from "@noema/execution/api";
import type { RpcDeps } from "../deps.ts";
import { invalidParams, RESOURCE_NOT_FOUND, typedError } from "../json-rpc/error.ts";
import type { Parser } from "../json-rpc/method.ts";
import { boolean, hash, object, optional, smallQuantity } from "../json-rpc/parsers.ts";
import { nextBlock } from "./next-block.ts";

const TAGS = ["latest", "safe", "finalized", "pending", "earliest"] as const;
export type BlockTag = (typeof TAGS)[number];
export type BlockId = { tag: BlockTag } | { height: Height } | { hash: Hash };
export const LATEST: BlockId = { tag: "latest" };

const height = smallQuantity();
const byObject = object({ blockHash: optional(hash), blockNumber: optional(height), requireCanonical: optional(boolean) });
export const isPending = (id: BlockId) => "tag" in id && id.tag === "pending";
const isTag = (value: unknown): value is BlockTag => TAGS.includes(value as BlockTag);

/** A number or a tag. */
export const blockNumber: Parser<BlockId> = {
  read(value, name) {
    if (isTag(value)) return { tag: value };
    if (typeof value === "string" && !value.startsWith("0x"))
      throw invalidParams(`${name}: expected a block number in hex or one of ${TAGS.join(", ")}`);
    return { height: height.read(value, name) };
  },
};

/** A number, a tag, a block hash, or an object of EIP-1898. */
export const blockId: Parser<BlockId> = {
  read(value, name) {
    if (typeof value === "string" && value.length === 66) return { hash: hash.read(value, name) };
    if (typeof value !== "object" || value === null) return blockNumber.read(value, name);
    const id = byObject.read(value, name);
    if ((id.blockHash === undefined) === (id.blockNumber === undefined))
      throw invalidParams(`${name}: give one of blockHash and blockNumber`);
    return id.blockHash === undefined ? { height: id.blockNumber as Height } : { hash: id.blockHash };
  },
};

export interface BlockResolver {
  /** undefined: there is no such block. `pending` gives the height of `latest`, whose state it builds on. */
  find(id: BlockId): Promise<Height | undefined>;
  /** Throws -32001 where there is none. */
  require(id: BlockId): Promise<Height>;
  /** The state that an id names: `pending` is that within the next block. Throws -32001 where there is none. */
  state(id: BlockId): Promise<StateId>;
}

export function createBlockResolver(deps: RpcDeps): BlockResolver {
  const { chain, execution } = deps;

  async function find(id: BlockId): Promise<Height | undefined> {
    const heights = chain.heights();
    if ("hash" in id) {
      const block = await execution.block(id.hash);
      return block !== undefined && block.height <= heights.latest ? block.height : undefined;
    }
    if ("height" in id) return id.height <= heights.latest ? id.height : undefined;
    if (id.tag === "earliest") return 0;
    return id.tag === "pending" ? heights.latest : heights[id.tag];
  }
  async function require(id: BlockId): Promise<Height> {
    const found = await find(id);
    if (found !== undefined) return found;
    const name = "hash" in id ? to0x(id.hash) : "height" in id ? String(id.height) : id.tag;
    throw typedError(RESOURCE_NOT_FOUND, "RPC_BLOCK_UNKNOWN", `block not found: ${name}, the head is ${chain.heights().latest}`);
  }
  return { find, require, state: async (id) => (isPending(id) ? nextBlock(deps) : require(id)) };
}
