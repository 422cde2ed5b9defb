/** Values by key, of at most `limit` weight together; the one that was asked for longest ago is forgotten first. */
export type Kept<T> = { get(key: string): T | undefined; put(key: string, value: T, weight: number): void };

export function createKept<T>(limit: number): Kept<T> {
  const rows = new Map<string, { value: T; weight: number }>(); // oldest first
  let total = 0;
  const forget = (key: string) => {
    total -= rows.get(key)?.weight ?? 0;
    rows.delete(key);
  };
  return {
    get(key) {
      const row = rows.get(key);
      if (row === undefined) return undefined;
      rows.delete(key);
      rows.set(key, row);
      return row.value;
    },
    put(key, value, weight) {
      forget(key);
      rows.set(key, { value, weight });
      total += weight;
      for (const oldest of rows.keys()) {
        if (total <= limit) break;
        forget(oldest);
      }
    },
  };
}
