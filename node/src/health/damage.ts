/** That a store is damaged is heard wherever the row is read first, by whom it may be, and told once. */
import { isNoemaError } from "@noema/core/errors";

export type StoreName = "chain" | "state";
export type Damage = {
  /** Of whatever a read failed with. */
  suspect(store: StoreName, error: unknown): void;
  /** At once, where it is known. */
  onFound(f: (store: StoreName, error: Error) => void): void;
};

export function createDamage(): Damage {
  const found = new Map<StoreName, Error>();
  const listeners: ((store: StoreName, error: Error) => void)[] = [];
  return {
    suspect(store, error) {
      if (!isNoemaError(error, "STORE_CORRUPT") || found.has(store)) return;
      found.set(store, error);
      for (const f of listeners) f(store, error);
    },
    onFound(f) {
      listeners.push(f);
      for (const [store, error] of found) f(store, error);
    },
  };
}
