/** Nodes of the Merkle-Patricia trie (Yellow Paper, appendix D) over keys of which none is a prefix of another: branches hold no value. */
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { execError } from "../errors.ts";
import { asBytes, asList, rlpDecode } from "../rlp/decode.ts";
import { type RlpItem, rlpEncode, rlpLength, rlpListOf, rlpWrite } from "../rlp/encode.ts";
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

const NOTHING = new Uint8Array(0);
const ABSENT = Uint8Array.of(0x80);
const HASH_PREFIX = 0xa0;

export function stubOf(hash: Hash): Stub {
  return { kind: "stub", ref: refTo(hash) };
}

export function refOf(encoded: Bytes): Bytes {
  return encoded.length < 32 ? encoded : hashRef(encoded);
}

/** The root's, also where it is short. */
export function hashRef(encoded: Bytes): Bytes {
  return refTo(keccak256(encoded));
}

function refTo(hash: Hash): Bytes {
  const ref = new Uint8Array(33);
  ref[0] = HASH_PREFIX;
  ref.set(hash, 1);
  return ref;
}

let scratch = new Uint8Array(256);

/** Of a leaf, whose encoding nobody keeps. */
export function leafRef({ path, value }: Leaf, root: boolean): Bytes {
  const pair = [hexPrefix(path, true), value];
  const length = rlpLength(pair);
  if (scratch.length < length) scratch = new Uint8Array(2 * length);
  const encoded = scratch.subarray(0, rlpWrite(pair, scratch, 0));
  if (root) return hashRef(encoded);
  return length < 32 ? encoded.slice() : hashRef(encoded);
}

/** RLP of a node whose children all have their `ref`. */
export function encodeNode(node: Loaded): Bytes {
  if (node.kind === "leaf") return rlpEncode([hexPrefix(node.path, true), node.value]);
  if (node.kind === "extension") return rlpListOf([rlpEncode(hexPrefix(node.path, false)), node.child.ref as Bytes]);
  return encodeBranch(node.children.map((child) => (child === null ? NOTHING : (child.ref as Bytes))));
}

/** `refs`: of the sixteen children, nothing where there is none. */
export function encodeBranch(refs: readonly Bytes[]): Bytes {
  const parts = refs.map((ref) => (ref.length === 0 ? ABSENT : ref));
  parts.push(ABSENT);
  return rlpListOf(parts);
}

/** What `encodeBranch` was made of, from RLP that is right; undefined of a leaf or an extension. */
export function branchRefs(encoded: Bytes): Bytes[] | undefined {
  const refs: Bytes[] = [];
  for (let at = payloadAt(encoded[0] as number); at < encoded.length; ) {
    const head = encoded[at] as number;
    // A hash, nothing, or a node that is shorter than a hash: strings and lists of at most 55 bytes.
    const length = head < 0x80 ? 1 : head < 0xc0 ? head - 0x7f : head - 0xbf;
    refs.push(head === 0x80 ? NOTHING : encoded.subarray(at, at + length));
    at += length;
    if (refs.length === 2 && at === encoded.length) return undefined;
  }
  return refs.slice(0, 16);
}

/** Where the items of a list begin. */
function payloadAt(head: number): number {
  return head <= 0xf7 ? 1 : 1 + head - 0xf7;
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
