import { fail } from "../errors.ts";

/** Keys in an order of computing: all that `wanted` need, each after what it needs itself. Throws CONVERT_SOURCE_INVALID at a circle. */
export function ordered(wanted: readonly string[], needs: (key: string) => readonly string[]): string[] {
  const state = new Map<string, "begun" | "done">();
  const order: string[] = [];
  const open = [...wanted].reverse();
  while (open.length > 0) {
    const key = open.at(-1)!;
    const before = state.get(key);
    if (before === undefined) {
      state.set(key, "begun");
      for (const needed of needs(key)) {
        if (state.get(needed) === "begun") fail("CONVERT_SOURCE_INVALID", `${needed} needs its own result`);
        if (state.get(needed) === undefined) open.push(needed);
      }
      continue;
    }
    open.pop();
    if (before === "begun") order.push(key);
    state.set(key, "done");
  }
  return order;
}
