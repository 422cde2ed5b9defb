/**
 * A validator that lost its log (consensus.md 2.8.5) must not vote where it may have voted before. It asks everybody for their
 * round, waits for answers with verified certificates from more than 2/3 of the stake without itself, and votes only above what
 * they prove. Any certificate its lost votes went into was also signed by honest validators among the answers, so the
 * highest round M = (e, v) that they prove is at most one view below the last round it voted in. It may have entered epoch
 * e + 1 by a certificate that no answer shows yet, and voted in its first view: that one is left out as well.
 */
import { isQuorum, weightOf } from "@noema/core/quorum";
import type { Cert, Status } from "../types.ts";
import type { Context, LostLog, State } from "./state.ts";

export function lostLogAllows(lost: LostLog | undefined, epoch: number, view: number): boolean {
  if (lost === undefined) return true;
  if (lost.phase === "Collecting") return false;
  if (epoch === lost.epoch) return view > lost.view + 1;
  return epoch > lost.epoch + 1 || (epoch === lost.epoch + 1 && view > 1);
}

export function askForRounds(ctx: Context): void {
  const { lost } = ctx.s;
  if (lost?.phase === "Collecting") ctx.out.push({ type: "Send", to: "all", message: { type: "GetStatus", nonce: lost.nonce } });
}

export function isAnswer(s: State, status: Status): boolean {
  return s.lost?.phase === "Collecting" && status.nonce === s.lost.nonce;
}

/** `proofs`: the answer's certificates, verified. */
export function takeAnswer(ctx: Context, from: number, proofs: readonly Cert[]): void {
  const { s } = ctx;
  if (s.lost?.phase !== "Collecting" || from === s.config.self) return;
  let proven = { epoch: 0, view: 1 };
  for (const cert of proofs) {
    const opened = { epoch: cert.epoch, view: cert.view + 1 };
    if (isAbove(opened, proven)) proven = opened;
  }
  s.lost.answers.set(from, proven);
  if (!isQuorum(weightOf(s.set, s.lost.answers.keys()), s.set.total)) return;
  const top = [...s.lost.answers.values()].reduce((a, b) => (isAbove(b, a) ? b : a));
  s.lost = { phase: "Resumed", ...top };
  ctx.out.push({ type: "Persist", records: [{ type: "Resume", ...top }] });
  ctx.dirty = true;
}

function isAbove(a: { epoch: number; view: number }, b: { epoch: number; view: number }): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.view > b.view);
}
