/** An engine that runs each block a second time, by another engine, and stops where the two disagree. */
import { to0x } from "@noema/core/bytes";
import { execError } from "../errors.ts";
import type { BlockOutcome, ExecutionEngine } from "./engine.ts";

/** Blocks throw EXEC_ENGINE_FAILED where `model` makes another outcome of them. */
export function createShadowEngine(engine: ExecutionEngine, model: ExecutionEngine): ExecutionEngine {
  return {
    ...engine,
    async executeBlock(parent, env, txs, watch) {
      const all = [...txs];
      const outcome = await engine.executeBlock(parent, env, all, watch);
      const difference = outcomeDifference(outcome, await model.executeBlock(parent, env, all));
      if (difference !== undefined) throw execError("EXEC_ENGINE_FAILED", `block ${env.number} in two ways: ${difference}`);
      return outcome;
    },
  };
}

/** The first thing in which two outcomes of a block differ. */
export function outcomeDifference(ours: BlockOutcome, theirs: BlockOutcome): string | undefined {
  const lists = [
    ["transaction", ours.executed, theirs.executed],
    ["skipped", ours.skipped, theirs.skipped],
    ["account", ours.diff.accounts, theirs.diff.accounts],
    ["code", ours.diff.codes, theirs.diff.codes],
  ] as const;
  for (const [what, a, b] of lists) {
    const at = firstDifference(a, b);
    if (at >= 0) return `${what} ${at}: ${shown(a[at])}, not ${shown(b[at])}`;
  }
  const sums = ({ gasUsed, blobGasUsed, logsBloom }: BlockOutcome) => ({ gasUsed, blobGasUsed, logsBloom });
  const [a, b] = [shown(sums(ours)), shown(sums(theirs))];
  return a === b ? undefined : `${a}, not ${b}`;
}

/** -1: none. */
function firstDifference(a: readonly unknown[], b: readonly unknown[]): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) if (shown(a[i]) !== shown(b[i])) return i;
  return -1;
}

/** Fields in their order by name, those that are absent left out. */
function shown(value: unknown): string {
  return JSON.stringify(value ?? null, (_, x) => {
    if (typeof x === "bigint") return String(x);
    if (x instanceof Uint8Array) return to0x(x);
    return x === null || typeof x !== "object" || Array.isArray(x) ? x : Object.fromEntries(Object.entries(x).sort());
  });
}
