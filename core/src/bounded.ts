/** Memory that peers can fill: at most `limit` entries, of which the one that was neither written nor read for longest goes first. */

export type BoundedMap<K, V> = {
  /** Counts as a use. */
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
  readonly size: number;
};

export function createBoundedMap<K, V>(limit: number): BoundedMap<K, V> {
  const entries = new Map<K, V>(); // iterates in order of insertion, so a use inserts anew
  function use(key: K, value: V): void {
    entries.delete(key);
    entries.set(key, value);
    if (entries.size > limit) entries.delete(entries.keys().next().value as K);
  }
  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) use(key, value);
      return value;
    },
    set: use,
    delete: (key) => void entries.delete(key),
    get size() {
      return entries.size;
    },
  };
}

export type BoundedSet<T> = {
  /** Counts as a use. */
  has(value: T): boolean;
  /** False: it was there. */
  add(value: T): boolean;
};

export function createBoundedSet<T>(limit: number): BoundedSet<T> {
  const values = createBoundedMap<T, true>(limit);
  return {
    has: (value) => values.get(value) === true,
    add(value) {
      if (values.get(value) === true) return false;
      values.set(value, true);
      return true;
    },
  };
}
