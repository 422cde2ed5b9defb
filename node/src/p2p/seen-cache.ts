/** Remembers at least the last `size` different keys and at most twice as many, in constant time. */
export function createSeenCache(size: number): { addIfNew(key: string): boolean } {
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    addIfNew(key) {
      if (young.has(key) || old.has(key)) return false;
      young.add(key);
      if (young.size >= size) {
        old = young;
        young = new Set();
      }
      return true;
    },
  };
}
