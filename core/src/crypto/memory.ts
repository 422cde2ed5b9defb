/** The newest `limit` strings. */
export function createMemory(limit: number): Pick<Set<string>, "has"> & { add(value: string): void } {
  const values = new Set<string>();
  return {
    has: (value) => values.has(value),
    add(value) {
      values.add(value);
      if (values.size > limit) values.delete(values.values().next().value as string);
    },
  };
}
