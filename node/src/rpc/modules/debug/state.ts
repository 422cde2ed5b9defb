/** debug_*: codes, slots and changed accounts, as geth and anvil name them. */
import { blockNumber } from "@noema/core/block-number";
import { bigIntToBytes, bytesToBigInt, compareBytes, fromHex, to0x, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { BlockNumber, Bytes, Hash } from "@noema/core/ports/bytes";
import type { SlotRange } from "@noema/execution/api";
import { type BlockId, blockId, createBlockResolver, numberOrTag } from "../../ethereum/block-id.ts";
import { AT_STATE, OF_TRACES } from "../../ethereum/error-sets.ts";
import { wordHex } from "../../ethereum/hex.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { address, count, data, hash, optional } from "../../json-rpc/parsers.ts";
import { ADDRESS, DATA, HASH, list, mapOf, members, nullable } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";

const MAX_SLOTS = 1024;
const MAX_ACCOUNTS = 10_000;
const EMPTY_CODE = keccak256(new Uint8Array(0));

/** Of the prestate tracer with diffMode: slots that a transaction changed, before it and, where they are not zero, after it. */
type Diff = Record<"pre" | "post", Record<string, { storage?: Record<string, string> }>>;

export function stateMethods(deps: ModuleDeps): Record<string, RpcMethod> {
  const { execution } = deps;
  const blocks = createBlockResolver(deps);

  async function codeByHash(wanted: Hash): Promise<string | null> {
    if (compareBytes(wanted, EMPTY_CODE) === 0) return "0x";
    const code = await execution.codeOf(wanted);
    return code === undefined ? null : to0x(code);
  }

  /** What the transactions of a block before one have made of an account's slots, by key; a block's own system writes are left out. */
  async function changedBefore(number: BlockNumber, index: number, who: Bytes): Promise<Map<string, bigint>> {
    const changed = new Map<string, bigint>();
    if (index === 0) return changed;
    const traces = await execution.trace({ block: number }, { name: "prestateTracer", config: { diffMode: true } });
    for (const { result } of traces.slice(0, index)) {
      const { pre, post } = JSON.parse(result) as Diff;
      const [before, after] = [pre, post].map((x) => x[to0x(who)]?.storage ?? {}) as [Record<string, string>, Record<string, string>];
      for (const key of [...Object.keys(before), ...Object.keys(after)]) changed.set(key, BigInt(after[key] ?? 0));
    }
    return changed;
  }

  /** Before the transaction of that index of its block. */
  async function storageRangeAt(id: BlockId, index: number, who: Bytes, start: Bytes, limit: number): Promise<unknown> {
    const number = await blocks.require(id);
    const { length } = await execution.transactions(number);
    if (index > 0 && index >= length) throw invalidParams(`transaction index: ${index}, but the block has ${length} transactions`);
    const from = bigIntToBytes(bytesToBigInt(start), 32);
    const changed = await changedBefore(number, index, who);
    const parent = blockNumber(Math.max(0, number - 1));
    const most = Math.min(limit, MAX_SLOTS);
    const below = await execution.storageRange(parent, who, from, most + changed.size);
    const slots = laidOver(below, changed, from);
    const next = slots[most]?.hash ?? (slots.length === most ? below.next : undefined);
    return {
      storage: Object.fromEntries(
        slots.slice(0, most).map(({ hash, key, value }) => [to0x(hash), { key: to0x(key), value: wordHex(value) }]),
      ),
      nextKey: next === undefined ? null : to0x(next),
    };
  }

  /** Of one block, or between two. */
  async function modified(from: BlockId, to: BlockId | undefined): Promise<string[]> {
    const first = await blocks.require(from);
    const [start, end] = to === undefined ? [blockNumber(Math.max(0, first - 1)), first] : [first, await blocks.require(to)];
    if (start > end || (to !== undefined && start === end))
      throw invalidParams(`start block height (${start}) must be less than end block height (${end})`);
    return (await execution.changedBetween(start, end, MAX_ACCOUNTS)).map(to0x);
  }

  return {
    debug_codeByHash: method({
      summary: "the code of that hash; null where no account had it",
      params: [
        ["code hash", hash],
        ["block", optional(blockId)], // anvil's takes one, and a code is never forgotten
      ],
      result: nullable(DATA),
      run: codeByHash,
    }),
    debug_storageRangeAt: method({
      summary: "an account's slots in the order of their hashes, before a transaction of a block",
      params: [
        ["block", blockId],
        ["transaction index", count(2 ** 32)],
        ["address", address],
        ["start", data({ max: 32 })],
        ["limit", count(2 ** 32)],
      ],
      result: members({ storage: mapOf(members({ key: HASH, value: HASH }), MAX_SLOTS), nextKey: nullable(HASH) }),
      errors: OF_TRACES,
      run: storageRangeAt,
    }),
    debug_getModifiedAccountsByNumber: method({
      summary: "accounts that a block changed, or those between two blocks",
      params: [
        ["start", numberOrTag],
        ["end", optional(numberOrTag)],
      ],
      result: list(ADDRESS, MAX_ACCOUNTS),
      errors: AT_STATE,
      run: modified,
    }),
    debug_getModifiedAccountsByHash: method({
      summary: "accounts that a block of that hash changed, or those between two blocks",
      params: [
        ["start", hash],
        ["end", optional(hash)],
      ],
      result: list(ADDRESS, MAX_ACCOUNTS),
      errors: AT_STATE,
      run: (from, to) => modified({ hash: from }, to && { hash: to }),
    }),
  };
}

/** In the order of hashes. Beyond where `below` ends nothing is known of what it holds. */
function laidOver({ slots, next }: SlotRange, changed: ReadonlyMap<string, bigint>, from: Hash): SlotRange["slots"] {
  const byHash = new Map(slots.map((slot) => [toHex(slot.hash), slot]));
  for (const [hex, value] of changed) {
    const key = fromHex(hex);
    const hash = keccak256(key);
    if (compareBytes(hash, from) < 0 || (next !== undefined && compareBytes(hash, next) >= 0)) continue;
    if (value === 0n) byHash.delete(toHex(hash));
    else byHash.set(toHex(hash), { hash, key, value });
  }
  return [...byHash.values()].sort((a, b) => compareBytes(a.hash, b.hash));
}
