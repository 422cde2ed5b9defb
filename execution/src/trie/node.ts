/** Nodes of the Merkle-Patricia trie (Yellow Paper, appendix D) over keys of which none is a prefix of another: branches hold no value. */
import { concatBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { execError } from "../errors.ts";
import { asBytes, asList, rlpDecode } from "../rlp/decode.ts";
import { type RlpItem, rlpEncode, rlpListOf } from "../rlp/encode.ts";
import { fromHexPrefix, hexPrefix } from "./nibbles.ts";

/** `ref` is what the parent holds of a node: RLP of its hash, or the node itself when that is shorter than 32 bytes. Absent: changed. */
export type Leaf = { kind: "leaf"; path: Bytes; value: Bytes; ref?: Bytes };
export type Extension = { kind: "extension"; path: Bytes; child: Node; ref?: Bytes };
export type Branch = { kind: "branch"; children: (Node | null)[]; ref?: Bytes };
/** A node known by its hash alone. */
export type Stub = { kind: "stub"; ref: Bytes };
export type Loaded = Leaf | Extension | Branch;
export type Node = Loaded | Stub;

/** keccak256(RLP("")): the root of an empty trie. */
export const EMPTY_ROOT: Hash = keccak256(Uint8Array.of(0x80));

const ABSENT = Uint8Array.of(0x80);
const HASH_PREFIX = Uint8Array.of(0xa0);

export function stubOf(hash: Hash): Stub {
  return { kind: "stub", ref: concatBytes(HASH_PREFIX, hash) };
}

export function refOf(encoded: Bytes): Bytes {
  return encoded.length < 32 ? encoded : concatBytes(HASH_PREFIX, keccak256(encoded));
}

/** RLP of a node whose children all have their `ref`. */
export function encodeNode(node: Loaded): Bytes {
  if (node.kind === "leaf") return rlpEncode([hexPrefix(node.path, true), node.value]);
  if (node.kind === "extension") return rlpListOf([rlpEncode(hexPrefix(node.path, false)), node.child.ref as Bytes]);
  const parts: Bytes[] = node.children.map((child) => (child === null ? ABSENT : (child.ref as Bytes)));
  parts.push(ABSENT);
  return rlpListOf(parts);
}

/** Throws STATE_CORRUPT. */
export function decodeNode(encoded: Bytes): Loaded {
  return nodeOf(asList(rlpDecode(encoded)));
}

function nodeOf(items: readonly RlpItem[]): Loaded {
  if (items.length === 17) return { kind: "branch", children: items.slice(0, 16).map(childOf) };
  if (items.length !== 2) throw execError("STATE_CORRUPT", `a trie node of ${items.length} items`);
  const { path, leaf } = fromHexPrefix(asBytes(items[0]));
  if (leaf) return { kind: "leaf", path, value: asBytes(items[1]) };
  return { kind: "extension", path, child: childOf(items[1] as RlpItem) as Node };
}

function childOf(item: RlpItem): Node | null {
  if (!(item instanceof Uint8Array)) return { ...nodeOf(item), ref: rlpEncode(item) };
  return item.length === 0 ? null : stubOf(item);
}
