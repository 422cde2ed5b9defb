/**
 * Ethereum's Merkle-Patricia trie, kept by path.
 *
 * Changes are made on nodes in memory, without hashing; `commit` then hashes each changed node once, children first, and
 * names the branches and extensions to write and to delete. Leaves are never written: the flat state already holds every key
 * and value, so a stub whose path has no stored node is the one leaf below that path. Only the newest trie is kept;
 * an earlier one is this one with the later changes taken back (state/proof.ts).
 */
import { equalBytes } from "@noema/core/bytes";
import type { NoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { execError } from "../errors.ts";
import { commonPrefix, toNibbles } from "./nibbles.ts";
import {
  type Branch,
  decodeNode,
  EMPTY_ROOT,
  encodeNode,
  hashRef,
  type Leaf,
  type Loaded,
  leafRef,
  type Node,
  refOf,
  type Stub,
  stubOf,
} from "./node.ts";

/** Where the last committed trie lies. Paths are nibbles. */
export type TrieSource = {
  /** RLP of the branch or extension at this path. */
  node(path: Bytes): Bytes | undefined;
  /** The first key at or below this path, with its value. */
  leaf(path: Bytes): { key: Bytes; value: Bytes } | undefined;
};

/** Receives the changed branches and extensions of a commit; null: nothing stands at this path any more. The path is good until it returns. */
export type NodeSink = (path: Bytes, encoded: Bytes | null) => void;

export type Trie = {
  get(key: Bytes): Bytes | undefined;
  /** A null value deletes. Keys of one trie have one length (or are prefix-free). */
  set(key: Bytes, value: Bytes | null): void;
  /** Root hash; every change since the last commit goes to `sink`. */
  commit(sink?: NodeSink): Hash;
  /** RLP of the nodes from the root towards the key, of a committed trie: proves the value, or that there is none. */
  prove(key: Bytes): Bytes[];
  /** Nodes held in memory, at most. */
  size(): number;
};

/** Nibbles of the longest key. */
const MAX_DEPTH = 64;
const NO_SOURCE: TrieSource = { node: () => undefined, leaf: () => undefined };

/** `above`: nibbles of each key that stand above this root, where it is a part of a trie; paths are those of the whole. */
export function createTrie(rootHash: Hash = EMPTY_ROOT, source: TrieSource = NO_SOURCE, above = 0): Trie {
  let root: Node | null = equalBytes(rootHash, EMPTY_ROOT) ? null : stubOf(rootHash);
  let held = 0;
  const gone = new Map<string, Bytes>();

  function drop(path: Bytes): void {
    gone.set(Buffer.from(path).toString("latin1"), Uint8Array.from(path));
  }

  function load(stub: Stub, path: Bytes): Loaded {
    held++;
    const stored = source.node(path);
    const node = stored === undefined ? leafAt(path) : decodeNode(stored);
    const ref = refOf(stored ?? encodeNode(node));
    // The root's stub holds a hash even where the node is short.
    const hash = path.length === 0 ? hashRef(stored ?? encodeNode(node)) : ref;
    if (!equalBytes(hash, stub.ref)) throw corrupt(path, "does not have the hash that its parent holds");
    node.ref = stub.ref;
    return node;
  }

  function leafAt(path: Bytes): Leaf {
    const found = source.leaf(path);
    if (found === undefined) throw corrupt(path, "is missing");
    return { kind: "leaf", path: toNibbles(found.key).subarray(path.length), value: found.value };
  }

  function insert(node: Node | null, key: Bytes, depth: number, value: Bytes): Node {
    if (node === null) return newLeaf(key.subarray(depth), value);
    if (node.kind === "stub") return insert(load(node, key.subarray(0, depth)), key, depth, value);
    if (node.kind === "branch") {
      const at = key[depth] as number;
      return withChild(node, at, insert(node.children[at] ?? null, key, depth + 1, value));
    }
    const rest = key.subarray(depth);
    const shared = commonPrefix(node.path, rest);
    if (node.kind === "leaf" && shared === node.path.length) {
      if (equalBytes(node.value, value)) return node;
      return { kind: "leaf", path: node.path, value };
    }
    if (node.kind === "extension" && shared === node.path.length) {
      const child = insert(node.child, key, depth + shared, value);
      if (child !== node.child || child.ref === undefined) {
        node.child = child;
        node.ref = undefined;
      }
      return node;
    }
    return split(node, rest, shared, value);
  }

  /** A leaf or extension and a new leaf that part after `shared` nibbles. */
  function split(node: Exclude<Loaded, Branch>, rest: Bytes, shared: number, value: Bytes): Node {
    held += 2;
    const branch: Branch = { kind: "branch", children: new Array(16).fill(null) };
    const tail = node.path.subarray(shared + 1);
    branch.children[node.path[shared] as number] =
      node.kind === "leaf"
        ? { kind: "leaf", path: tail, value: node.value }
        : tail.length === 0
          ? node.child
          : { kind: "extension", path: tail, child: node.child };
    branch.children[rest[shared] as number] = newLeaf(rest.subarray(shared + 1), value);
    return shared === 0 ? branch : { kind: "extension", path: rest.subarray(0, shared), child: branch };
  }

  function newLeaf(path: Bytes, value: Bytes): Leaf {
    held++;
    return { kind: "leaf", path, value };
  }

  function remove(node: Node | null, key: Bytes, depth: number): Node | null {
    if (node === null) return null;
    if (node.kind === "stub") {
      const loaded = load(node, key.subarray(0, depth));
      return remove(loaded, key, depth);
    }
    if (node.kind === "leaf") return equalBytes(node.path, key.subarray(depth)) ? null : node;
    if (node.kind === "extension") {
      if (commonPrefix(node.path, key.subarray(depth)) < node.path.length) return node;
      const child = remove(node.child, key, depth + node.path.length) as Node;
      if (child === node.child && child.ref !== undefined) return node;
      return joined(node.path, child, key.subarray(0, depth));
    }
    const at = key[depth] as number;
    const before = node.children[at] ?? null;
    const child = remove(before, key, depth + 1);
    if (child === before && (child === null || child.ref !== undefined)) return node;
    withChild(node, at, child);
    return collapsed(node, key.subarray(0, depth));
  }

  /** A branch with one child left is no branch. */
  function collapsed(node: Branch, path: Bytes): Node {
    let only = -1;
    for (let i = 0; i < 16; i++) {
      if (node.children[i] === null) continue;
      if (only >= 0) return node;
      only = i;
    }
    const childPath = Uint8Array.of(...path, only);
    const child = node.children[only] as Node;
    const loaded = child.kind === "stub" ? load(child, childPath) : child;
    return joined(Uint8Array.of(only), loaded, path);
  }

  /** `prefix` in front of a child, at `path`; what stood at the paths that merge goes. */
  function joined(prefix: Bytes, child: Node, path: Bytes): Node {
    drop(path);
    if (child.kind === "stub" || child.kind === "branch") return { kind: "extension", path: prefix, child };
    const whole = Uint8Array.of(...prefix, ...child.path);
    if (child.kind === "leaf") return { kind: "leaf", path: whole, value: child.value };
    drop(Uint8Array.of(...path, ...prefix));
    return { kind: "extension", path: whole, child: child.child };
  }

  /** `path`: scratch, whose first `depth` nibbles lead to the node. */
  function seal(node: Node, path: Bytes, depth: number, sink: NodeSink): void {
    if (node.ref !== undefined || node.kind === "stub") return;
    if (node.kind === "extension") {
      path.set(node.path, depth);
      seal(node.child, path, depth + node.path.length, sink);
    }
    if (node.kind === "branch")
      for (let i = 0; i < 16; i++) {
        const child = node.children[i];
        if (!child || child.ref !== undefined) continue;
        path[depth] = i;
        seal(child, path, depth + 1, sink);
      }
    if (node.kind === "leaf") {
      node.ref = leafRef(node, depth === 0);
      return;
    }
    const encoded = encodeNode(node);
    node.ref = depth === 0 ? hashRef(encoded) : refOf(encoded);
    // Inside its parent when short; there is nothing at its own path then.
    const inline = node.ref.length < 33;
    if (gone.size > 0) gone.delete(Buffer.from(path.subarray(0, depth)).toString("latin1"));
    sink(path.subarray(0, depth), inline ? null : encoded);
  }

  return {
    get(key) {
      const nibbles = toNibbles(key);
      let depth = above;
      let node = root;
      for (;;) {
        if (node === null) return undefined;
        const at: Loaded = node.kind === "stub" ? load(node, nibbles.subarray(0, depth)) : node;
        if (at.kind === "leaf") return equalBytes(at.path, nibbles.subarray(depth)) ? at.value : undefined;
        if (at.kind === "extension") {
          if (commonPrefix(at.path, nibbles.subarray(depth)) < at.path.length) return undefined;
          depth += at.path.length;
          node = at.child;
        } else node = at.children[nibbles[depth++] as number] ?? null;
      }
    },
    set(key, value) {
      const nibbles = toNibbles(key);
      root = value === null ? remove(root, nibbles, above) : insert(root, nibbles, above, value);
    },
    commit(sink = () => undefined) {
      if (root !== null) seal(root, new Uint8Array(MAX_DEPTH), 0, sink);
      for (const path of gone.values()) sink(path, null);
      gone.clear();
      return root === null ? EMPTY_ROOT : (root.ref as Bytes).subarray(1);
    },
    prove(key) {
      const nibbles = toNibbles(key);
      const proof: Bytes[] = [];
      let depth = above;
      let node = root;
      while (node) {
        const loaded: Loaded = node.kind === "stub" ? load(node, nibbles.subarray(0, depth)) : node;
        const encoded = encodeNode(loaded);
        if (depth === above || encoded.length >= 32) proof.push(encoded);
        if (loaded.kind === "leaf") break;
        if (loaded.kind === "extension") {
          if (commonPrefix(loaded.path, nibbles.subarray(depth)) < loaded.path.length) break;
          depth += loaded.path.length;
          node = loaded.child;
        } else node = loaded.children[nibbles[depth++] as number] ?? null;
      }
      return proof;
    },
    size: () => held,
  };
}

function withChild(node: Branch, at: number, child: Node | null): Branch {
  if (node.children[at] === child && child?.ref !== undefined) return node;
  node.children[at] = child;
  node.ref = undefined;
  return node;
}

function corrupt(path: Bytes, what: string): NoemaError {
  return execError("STATE_CORRUPT", `the trie node at path ${Buffer.from(path).toString("hex")} ${what}`);
}
