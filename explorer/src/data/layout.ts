/** Rows of an object by who holds them, and what is said of each holder. */
import type { DaRows } from "../types.ts";
import type { ObjectState } from "./file-state.ts";

/** Slots [from, to). */
export type Block = { validator: number; from: number; to: number };
/** `needed`: data rows, the first ones; any so many of all rebuild the object. `signers`: whose signatures the certificate has. */
export type Layout = { rows: number; needed: number; blocks: readonly Block[]; signers: ReadonlySet<number> };

/** In the order of validators. */
export function layoutOf({ rows, needed, holders }: DaRows): Layout {
  const blocks = (holders ?? []).map(({ validator, from, to }) => ({ validator, from: Number(from), to: Number(to) }));
  const signers = (holders ?? []).filter((x) => x.signed).map((x) => x.validator);
  return {
    rows: Number(rows),
    needed: Number(needed),
    blocks: blocks.sort((a, b) => a.validator - b.validator),
    signers: new Set(signers),
  };
}

/** "0-7,9", as noema-rows-read has it. */
export function parseRuns(text: string): Set<number> {
  const slots = new Set<number>();
  for (const run of text.split(",")) {
    const [first, last = first] = run.split("-").map(Number) as [number, number?];
    for (let slot = first; slot <= last; slot++) slots.add(slot);
  }
  return slots;
}

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

const rowsOf = (count: number, kind: string) => (count === 0 ? [] : [`${count} ${kind}`]);

/** "Rows 24 to 47: 8 data, 16 parity", "Row 3: parity". */
export function rowsText({ from, to }: Block, needed: number): string {
  if (from === to) return "no rows";
  if (to - from === 1) return `Row ${from}: ${from < needed ? "data" : "parity"}`;
  const data = Math.max(0, Math.min(to, needed) - from);
  return `Rows ${from} to ${to - 1}: ${[...rowsOf(data, "data"), ...rowsOf(to - from - data, "parity")].join(", ")}`;
}

/** "8 read back, 11 cells proven"; empty where there is nothing to say. */
export function seenText({ from, to }: Block, { read, cells }: Pick<ObjectState, "read" | "cells">): string {
  const within = (slot: number) => slot >= from && slot < to;
  const rows = [...(read ?? [])].filter(within).length;
  const proven = cells.filter((x) => within(x.slot)).length;
  return [...rowsOf(rows, "read back"), ...rowsOf(proven, proven === 1 ? "cell proven" : "cells proven")].join(", ");
}
