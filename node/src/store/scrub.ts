/** Reads all rows of a store, over and over and a little at a time, so that a damaged one is found though nobody asks for it. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { KvReader } from "@noema/core/ports/kv-store";

/** 160 KiB/s: a store of 100 MB in ten minutes, for a quarter of a hundredth of a core. */
const SLICE_BYTES = 16 << 10;
const PAUSE_MS = 100;
/** Between two passes. */
const REST_MS = 60_000;
const FIRST = Uint8Array.of(0);
const LAST = new Uint8Array(256).fill(0xff);

export type Scrub = { stop(): void };

/** `damaged` hears of the first row that cannot be read; then it ends. */
export function scrubStore(
  store: Pick<KvReader, "snapshot">,
  tables: readonly string[],
  clock: Clock,
  damaged: (error: unknown) => void,
): Scrub {
  let at: { table: number; from: Bytes } = { table: 0, from: FIRST };
  let cancel = () => {};

  /** Whether the pass is over. */
  function slice(): boolean {
    const table = tables[at.table];
    if (table === undefined) return true;
    const snapshot = store.snapshot();
    try {
      let bytes = 0;
      for (const [key, value] of snapshot.range(table, at.from, LAST, Number.MAX_SAFE_INTEGER)) {
        if (bytes === 0) snapshot.get(table, key); // by the way that a question takes, too
        at = { table: at.table, from: after(key) };
        bytes += key.length + value.length;
        if (bytes >= SLICE_BYTES) return false;
      }
      at = { table: at.table + 1, from: FIRST };
      return at.table === tables.length;
    } finally {
      snapshot.close();
    }
  }

  function go(): void {
    try {
      const over = slice();
      if (over) at = { table: 0, from: FIRST };
      cancel = clock.after(over ? REST_MS : PAUSE_MS, go);
    } catch (error) {
      damaged(error);
    }
  }
  cancel = clock.after(PAUSE_MS, go);
  return { stop: () => cancel() };
}

/** The least key behind it. */
function after(key: Bytes): Bytes {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
