/** Which values of the old state are not those that the new one had at the same height: what was damaged, for finding out by what. */
import { equalBytes, to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import { readHead } from "@noema/execution/blocks/store";
import { accountId, slotId } from "@noema/execution/state/keys";
import { valueAt } from "@noema/execution/state/reader";
import { ACCOUNTS, SLOTS, STATE_TABLES } from "@noema/execution/tables";
import { openStore, type StoreEngine, WHOLE } from "../store/open-store.ts";

export type Damage = { count: number; shown: string[] };

const MOST_SHOWN = 20;
const [FIRST, LAST] = [Uint8Array.of(0), new Uint8Array(64).fill(0xff)];

/** undefined: they cannot be compared, since the old state cannot be read or lies below what the new one keeps. */
export function compareStates(old: KvSnapshot, made: KvSnapshot): Damage | undefined {
  const [oldHead, head] = [readHead(old), readHead(made)];
  if (oldHead === undefined || head === undefined) return undefined;
  const { height } = oldHead;
  if (height > head.height || height < head.oldest) return undefined;
  const damage: Damage = { count: 0, shown: [] };
  const note = (table: string, key: Bytes, was: Bytes | undefined, is: Bytes | undefined) => {
    if (was === is || (was !== undefined && is !== undefined && equalBytes(was, is))) return;
    damage.count++;
    const text = (value: Bytes | undefined) => (value === undefined ? "nothing" : to0x(value));
    if (damage.shown.length < MOST_SHOWN) damage.shown.push(`${table} ${to0x(key)}: ${text(was)} instead of ${text(is)}`);
  };
  for (const [table, idOf] of [
    [ACCOUNTS, accountId],
    [SLOTS, slotId],
  ] as const) {
    const then = (key: Bytes) => valueAt(made, idOf(key), height, head.height);
    for (const [key, value] of old.range(table, FIRST, LAST, Number.MAX_SAFE_INTEGER)) note(table, key, value, then(key));
    for (const [key] of made.range(table, FIRST, LAST, Number.MAX_SAFE_INTEGER))
      if (old.get(table, key) === undefined) note(table, key, undefined, then(key));
  }
  return damage;
}

/** Nobody has either open. */
export async function damageOf(engine: StoreEngine, datadir: string, scratch: string): Promise<Damage | undefined> {
  const stores = [];
  try {
    for (const folder of [datadir, scratch]) stores.push(await openStore(engine, folder, "state", STATE_TABLES, WHOLE));
    const [old, made] = stores.map((store) => store.snapshot()) as [KvSnapshot, KvSnapshot];
    try {
      return compareStates(old, made);
    } finally {
      old.close();
      made.close();
    }
  } catch {
    return undefined; // the old one is beyond reading
  } finally {
    for (const store of stores) await store.close();
  }
}
