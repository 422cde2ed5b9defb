/** What is wrong with one validator, by what it answered and when. */
import type { Readiness } from "./readiness.ts";

/** Two questions without an answer. */
const SILENT_MS = 3000;
/** A validator that says "halted" is believed after this; one that has just started may still be looking for the others. */
const HALTED_MS = 2000;
const STARTING_MS = 10_000;
/** Longer than a full block of dear transactions takes. */
const STUCK_MS = 10_000;

export type Trouble = { kind: "ended" | "silent" | "halted" | "stuck"; words: string };

export type Seen = {
  pid: number | undefined;
  answeredAt: number;
  answer?: Readiness;
  /** How, if it has. */
  ended?: string;
  /** Since when it has said that it is halted. */
  haltedSince?: number;
  /** Whether it has ever said anything else. */
  wasGood: boolean;
  /** When it executed a height, or had nothing to catch up with. */
  executedAt: number;
};

export function unseen(pid: number | undefined, now: number): Seen {
  return { pid, answeredAt: now, executedAt: now, wasGood: false };
}

export function withAnswer(seen: Seen, pid: number, answer: Readiness, now: number): Seen {
  const halted = answer.status === "halted";
  const moved = answer.executed !== seen.answer?.executed || answer.executed >= answer.consensus;
  return {
    pid,
    answeredAt: now,
    answer,
    haltedSince: halted ? (seen.haltedSince ?? now) : undefined,
    wasGood: seen.wasGood || !halted,
    executedAt: moved ? now : seen.executedAt,
  };
}

/** Gone, or as good as gone. */
export function absence({ ended, answeredAt, pid }: Seen, now: number): Trouble | undefined {
  if (ended !== undefined) return { kind: "ended", words: `ended${ended && ` (${ended})`}` };
  const silentMs = now - answeredAt;
  if (silentMs < SILENT_MS) return undefined;
  return { kind: "silent", words: `stopped answering ${seconds(silentMs)} ago (pid ${pid})` };
}

/** There, and of no use to the chain. */
export function idleness({ answer, haltedSince, wasGood, executedAt }: Seen, now: number): Trouble | undefined {
  if (answer === undefined) return undefined;
  if (haltedSince !== undefined && now - haltedSince >= (wasGood ? HALTED_MS : STARTING_MS))
    return { kind: "halted", words: `does not take part: ${answer.cause}` };
  const stuckMs = now - executedAt;
  if (stuckMs < STUCK_MS) return undefined;
  return {
    kind: "stuck",
    words: `has executed nothing for ${seconds(stuckMs)}: block ${answer.executed}, the chain is at ${answer.consensus}`,
  };
}

export function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
