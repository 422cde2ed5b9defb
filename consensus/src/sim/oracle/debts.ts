/** What a step owes: settled by one of its effects, or the rule is broken. */
import type { Effect } from "../addresses.ts";
import { fail } from "../checker.ts";

export type Debts = {
  owe(rule: string, settledBy: (effect: Effect) => boolean): void;
  /** To be true once all effects of the step are seen. */
  expect(rule: string, holds: () => boolean): void;
  settle(effects: readonly Effect[], where: () => string): void;
};

export function createDebts(): Debts {
  const owed: { rule: string; settledBy: (effect: Effect) => boolean }[] = [];
  const expected: { rule: string; holds: () => boolean }[] = [];
  return {
    owe: (rule, settledBy) => owed.push({ rule, settledBy }),
    expect: (rule, holds) => expected.push({ rule, holds }),
    settle(effects, where) {
      for (const { rule, settledBy } of owed) if (!effects.some(settledBy)) fail(rule, where());
      for (const { rule, holds } of expected) if (!holds()) fail(rule, where());
    },
  };
}
