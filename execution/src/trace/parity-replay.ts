/** trace_replay* and trace_call: what a transaction returned, its frames, and what it changed (OpenEthereum's trace module). */
import { equalBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import * as v from "valibot";
import { EMPTY_CODE_HASH } from "../state/account.ts";
import { createCallFrames } from "./call-frames.ts";
import { readConfig } from "./config.ts";
import { flatFrames } from "./flat-frames.ts";
import { data, quantity, word } from "./json.ts";
import { parityFrame } from "./parity-traces.ts";
import { type AccountState, createStateChanges, type SeenAccount } from "./state-changes.ts";
import type { Tracing } from "./tracer.ts";

const config = v.object({ types: v.array(v.picklist(["trace", "stateDiff"])) });

export const parityReplay: Tracing = (given) => {
  const { types } = readConfig(config, given);
  return (start, context) => {
    const frames = createCallFrames(start, context);
    const changes = types.includes("stateDiff") ? createStateChanges(start, { ...context, codes: true, slots: true }) : undefined;
    const place = start.transaction === undefined ? {} : { transactionHash: data(start.transaction.hash) };
    return {
      ...frames,
      step: (step) => changes?.step?.(step),
      end: (gasUsed) => changes?.end?.(gasUsed),
      result() {
        const trace = types.includes("trace") ? flatFrames(frames.root(), false).map(parityFrame) : [];
        const stateDiff = changes === undefined ? null : stateDiffOf(changes.accounts);
        return JSON.stringify({ output: data(frames.root().output), stateDiff, trace, vmTrace: null, ...place });
      },
    };
  };
};

type Delta = "=" | { "+": string } | { "-": string } | { "*": { from: string; to: string } };

function stateDiffOf(accounts: ReadonlyMap<string, SeenAccount>): Record<string, unknown> {
  const changed = [...accounts].flatMap(([address, seen]) => {
    const diff = accountDiff(seen);
    return diff === undefined ? [] : [[address, diff] as const];
  });
  return Object.fromEntries(changed.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function accountDiff({ before, after = before }: SeenAccount): Record<string, unknown> | undefined {
  const slots = [...before.slots].filter(([key, value]) => after.slots.get(key) !== value);
  const same = before.balance === after.balance && before.nonce === after.nonce && equalBytes(before.codeHash, after.codeHash);
  if (same && slots.length === 0) return undefined;
  const [made, gone] = [isNothing(before), isNothing(after)];
  const delta = (from: string, to: string): Delta => {
    if (made) return { "+": to };
    if (gone) return { "-": from };
    return from === to ? "=" : { "*": { from, to } };
  };
  const storage = slots.map(([key, value]) => [key, delta(word(value), word(after.slots.get(key) ?? 0n))] as const);
  return {
    balance: delta(quantity(before.balance), quantity(after.balance)),
    code: delta(codeOf(before), codeOf(after)),
    nonce: delta(quantity(before.nonce), quantity(after.nonce)),
    storage: Object.fromEntries(storage),
  };
}

function codeOf({ code }: { code: Bytes }): string {
  return data(code);
}

function isNothing({ balance, nonce, codeHash }: AccountState): boolean {
  return balance === 0n && nonce === 0n && equalBytes(codeHash, EMPTY_CODE_HASH);
}
