/** A block's diff becomes store operations and a state root: flat values, what they were before, trie nodes, and what history lets go. */
import { equalBytes } from "@noema/core/bytes";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import type { AccountRecord } from "../records.ts";
import { rlpEncode } from "../rlp/encode.ts";
import { ACCOUNTS, CODE, SLOTS, STORAGE_NODES } from "../tables.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import type { Trie } from "../trie/trie.ts";
import { encodeLeaf, encodeSlim } from "./account.ts";
import { type Change, changeOps, changesOf, forgetOps } from "./changes.ts";
import type { AccountDiff, StateDiff } from "./diff.ts";
import { accountId, accountKey, afterPrefix, keyText, slotId, slotKey } from "./keys.ts";
import { addressOf, preimageOp } from "./preimages.ts";
import { nodeSink, type Roots } from "./roots.ts";
import { forgetUpperRefs, noteUpperRefs, UPPER_HEIGHTS } from "./upper-refs.ts";

/** Heights pruned in one block at most: more than one, so that it catches up; few, so that no block is slow. */
const PRUNE_STEP = 4;

type Work = { snapshot: KvSnapshot; roots: Roots; height: Height; ops: KvOp[]; changed: Change[] };

/**
 * `diff` says what accounts were before, as `snapshot` does. `roots` reads from it and holds the new tries afterwards: settle it once the
 * operations are written, or given up. The genesis block (height 0) leaves no history.
 */
export function commitDiff(
  snapshot: KvSnapshot,
  roots: Roots,
  height: Height,
  diff: StateDiff,
): { ops: KvOp[]; stateRoot: Hash; accounts: { address: Bytes; record: AccountRecord | undefined }[] } {
  const work: Work = { snapshot, roots, height, ops: [], changed: [] };
  roots.use(snapshot);
  for (const { hash, code } of diff.codes) work.ops.push({ table: CODE, key: hash, value: code });
  const accounts = diff.accounts.map((account) => ({ address: account.address, record: commitAccount(work, account) }));
  const stateRoot = commitTrie(work, roots.account(), new Uint8Array(0));
  work.ops.push(...forgetUpperRefs(snapshot, height - UPPER_HEIGHTS));
  return { ops: work.ops.concat(changeOps(height, work.changed)), stateRoot, accounts };
}

/** Addresses of the accounts that the block of a height changed, slots aside; of those whose changes are kept. */
export function changedAccounts(snapshot: KvSnapshot, height: Height): Bytes[] {
  const ids = Array.from(changesOf(snapshot, height), ({ id }) => id);
  return ids.filter((id) => id[0] === 0).map((id) => addressOf(snapshot, id.subarray(1)) as Bytes);
}

/**
 * Operations that let go of what only heights below the new `oldest` need. A step behind `wanted` is taken each block, and
 * some more after the option was lowered. Raised, it brings nothing back: `oldest` stays until the chain has grown past it.
 */
export function pruneOps(snapshot: KvSnapshot, oldest: Height, wanted: Height): { ops: KvOp[]; oldest: Height } {
  const end = Math.max(oldest, Math.min(wanted, oldest + PRUNE_STEP));
  const heights = Array.from({ length: end - oldest }, (_, i) => oldest + 1 + i);
  return { ops: heights.flatMap((height) => forgetOps(snapshot, height)), oldest: end };
}

function commitAccount(work: Work, diff: AccountDiff): AccountRecord | undefined {
  const key = accountKey(diff.address);
  const stored = diff.before && encodeSlim(diff.before);
  const storageRoot = commitStorage(work, diff, diff.before?.storageRoot ?? EMPTY_ROOT);
  const after = diff.after && { ...diff.after, storageRoot };
  const value = after && encodeSlim(after);
  if (value === null ? stored === undefined : stored !== undefined && equalBytes(stored, value)) return after ?? undefined;
  record(work, accountId(key), stored);
  if (stored === undefined) work.ops.push(preimageOp(key, diff.address));
  work.ops.push({ table: ACCOUNTS, key, value });
  work.roots.account().set(key, after && encodeLeaf(after));
  return after ?? undefined;
}

function commitStorage(work: Work, diff: AccountDiff, before: Hash): Hash {
  let root = before;
  if ((diff.cleared || diff.after === null) && !equalBytes(before, EMPTY_ROOT)) {
    clearStorage(
      work,
      diff.address,
      new Set(diff.after === null ? [] : diff.slots.map((slot) => keyText(slotKey(diff.address, slot.key)))),
    );
    root = EMPTY_ROOT;
  }
  if (diff.after === null || diff.slots.length === 0) return root;
  const trie = work.roots.storage(diff.address, root);
  for (const slot of diff.slots) {
    const key = slotKey(diff.address, slot.key);
    const stored = work.snapshot.get(SLOTS, key);
    const value = slot.value.length === 0 ? null : slot.value;
    trie.set(key.subarray(diff.address.length), value && rlpEncode(value));
    if (value === null ? stored === undefined : stored !== undefined && equalBytes(stored, value)) continue;
    record(work, slotId(key), stored);
    if (stored === undefined) work.ops.push(preimageOp(key.subarray(diff.address.length), slot.key));
    work.ops.push({ table: SLOTS, key, value });
  }
  return commitTrie(work, trie, diff.address);
}

function commitTrie({ snapshot, height, ops }: Work, trie: Trie, owner: Bytes): Hash {
  const upper = noteUpperRefs(snapshot, height, owner, nodeSink(ops, owner));
  const root = trie.commit(upper.sink);
  if (height > 0) ops.push(...upper.ops());
  return root;
}

/** Deletes every slot but those that are set anew, and every node. */
function clearStorage(work: Work, address: Bytes, again: ReadonlySet<string>): void {
  work.roots.forget(address);
  const end = afterPrefix(address);
  for (const [key, value] of work.snapshot.range(SLOTS, address, end, Number.MAX_SAFE_INTEGER)) {
    if (again.has(keyText(key))) continue;
    record(work, slotId(key), value);
    work.ops.push({ table: SLOTS, key, value: null });
  }
  for (const [key] of work.snapshot.range(STORAGE_NODES, address, end, Number.MAX_SAFE_INTEGER))
    work.ops.push({ table: STORAGE_NODES, key, value: null });
}

function record(work: Work, id: Bytes, before: Bytes | undefined): void {
  if (work.height > 0) work.changed.push({ id, before });
}
