/** Batches as values from when they come until they are executed, so that none is read back and decoded for that. Oldest out first. */
import { toHex } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { PayloadItems } from "@noema/core/ports/data";

export type HeldBatch = PayloadItems;

/** Of transactions: some hundred full batches, more than wait for inclusion unless the chain stands. */
const MAX_BYTES = 32 * 2 ** 20;

export type HeldBatches = {
  get(id: Hash): HeldBatch | undefined;
  put(id: Hash, batch: HeldBatch): void;
  drop(id: Hash): void;
};

export function createHeldBatches(maxBytes = MAX_BYTES): HeldBatches {
  const batches = new Map<string, { batch: HeldBatch; bytes: number }>();
  let held = 0;
  function drop(key: string): void {
    held -= batches.get(key)?.bytes ?? 0;
    batches.delete(key);
  }
  return {
    get: (id) => batches.get(toHex(id))?.batch,
    put(id, batch) {
      const key = toHex(id);
      drop(key);
      const bytes = batch.txs.reduce((sum, raw) => sum + raw.length, 0);
      batches.set(key, { batch, bytes });
      held += bytes;
      for (const oldest of batches.keys()) {
        if (held <= maxBytes) break;
        drop(oldest);
      }
    },
    drop: (id) => drop(toHex(id)),
  };
}
