import type { KvSnapshot, KvStore } from "@noema/core/ports/kv-store";

/** `failed` hears of what a read throws, before who reads does. */
export function watchedStore(store: KvStore, failed: (error: unknown) => void): KvStore {
  return { ...store, snapshot: () => watched(store.snapshot(), failed) };
}

function watched(snapshot: KvSnapshot, failed: (error: unknown) => void): KvSnapshot {
  const tell = (error: unknown): never => {
    failed(error);
    throw error;
  };
  return {
    get(table, key) {
      try {
        return snapshot.get(table, key);
      } catch (error) {
        return tell(error);
      }
    },
    *range(...where) {
      try {
        yield* snapshot.range(...where);
      } catch (error) {
        tell(error);
      }
    },
    close: snapshot.close,
  };
}
