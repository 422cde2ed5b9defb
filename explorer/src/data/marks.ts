/** What is said of a holder of rows. */
import type { ObjectState } from "./file-state.ts";
import { type Block, rowsOf } from "./layout.ts";

export type Mark = "none" | "waiting" | "signed" | "late" | "away" | "wrong";

/** `heard`: validators that this node hears; undefined: it does not say. `key`: the validator's, as `liars` has it. */
export function markOf(
  { phase, signers, layout, liars }: ObjectState,
  validator: number,
  heard: readonly number[] | undefined,
  key?: string,
): Mark {
  if (key !== undefined && liars?.has(key)) return "wrong";
  if (heard !== undefined && !heard.includes(validator)) return "away";
  if (signers.has(validator) || layout?.signers.has(validator)) return "signed";
  if (phase === "waiting" || phase === "sent") return "none";
  return phase === "encoded" ? "waiting" : "late";
}

export const MARKS: Readonly<Record<Mark, { text: string; means: string }>> = {
  none: { text: "–", means: "" },
  waiting: { text: "fetching", means: "it has not signed yet that it holds its rows" },
  signed: { text: "✓ signed", means: "it has checked its rows, stored them durably and signed that" },
  late: { text: "late", means: "the certificate was complete before its signature came; no fault" },
  wrong: { text: "wrong rows", means: "what it sent when the object was read does not verify: its rows were rebuilt from those of others" },
  away: { text: "not heard", means: "this node hears nothing from it: its rows are rebuilt from those of others" },
};

/** "8 read back, 11 cells proven"; empty where there is nothing to say. */
export function seenText({ from, to }: Block, { read, cells }: Pick<ObjectState, "read" | "cells">): string {
  const within = (slot: number) => slot >= from && slot < to;
  const rows = [...(read ?? [])].filter(within).length;
  const proven = cells.filter((x) => within(x.slot)).length;
  return [...rowsOf(rows, "read back"), ...rowsOf(proven, proven === 1 ? "cell proven" : "cells proven")].join(", ");
}
