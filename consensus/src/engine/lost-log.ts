/**
 * A validator that lost its log (consensus.md 2.8.5) must not vote where it may have voted before. It asks everybody where they stand
 * and waits for answers from more than 2/3 of the stake without itself; M = (e, v) is the highest round that one of them stands in.
 * View v is proved by the certificate of v - 1. View 1 of an epoch is proved by nothing that an answer carries (F does not say
 * whether its block was the last one): such an answer counts once the asker has come to that epoch itself.
 *
 * Why that is enough: each round that it voted in was opened by a certificate of more than 2/3, so an honest validator among the answers
 * had signed that, in its own round, before it answered. What was lost lies at most one certificate above M: in (e, v + 1); or, where
 * that certificate was F of e's last block, in (e + 1, 1). It was not, if the block was first proposed in view v or later: such an F
 * stands in that view or above, and an honest signer of it would have answered from above v. So whoever resumes in the middle of an
 * epoch is whole again long before the next one. (View 2 of e + 1 would need an answer from e + 1; it is barred with view 1 as a margin.)
 */
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { isQuorum, weightOf } from "@noema/core/quorum";
import { indexOf } from "@noema/core/validator-index";
import type { Round } from "../types.ts";
import type { Status } from "../wire/status.ts";
import type { Context, State } from "./state.ts";
import { startTimeouts } from "./view.ts";

/** Views at the start of epoch e + 1 that F of e's last block may have led to. */
const OPENING_VIEWS = 2;

export function lostLogAllows({ lost, epoch, base, config }: State, view: number): boolean {
  if (lost === undefined) return true;
  if (lost.phase === "Collecting" || epoch < lost.epoch) return false;
  if (epoch === lost.epoch) return view > lost.view + 1;
  if (epoch > lost.epoch + 1 || base.header.view >= lost.view) return true;
  return view > (config.params.controls?.lostLogForgetsEpochs ? 1 : OPENING_VIEWS);
}

export function askForRounds(ctx: Context): void {
  tryResume(ctx);
  const { lost } = ctx.s;
  if (lost?.phase === "Collecting") ctx.out.push({ type: "Send", to: "all", message: { type: "GetStatus", nonce: lost.nonce } });
}

export function isAnswer(s: State, status: Status): boolean {
  return s.lost?.phase === "Collecting" && status.nonce === s.lost.nonce;
}

/** `round`: where the sender stands, proved by an entry certificate unless it is view 1. The first answer of each counts. */
export function takeAnswer(ctx: Context, from: PublicKeyHex, round: Round): void {
  const { lost, config } = ctx.s;
  if (lost?.phase !== "Collecting" || from === config.self || lost.answers.has(from)) return;
  lost.answers.set(from, { epoch: round.epoch, view: round.view });
  tryResume(ctx);
}

function tryResume(ctx: Context): void {
  const { s } = ctx;
  if (s.lost?.phase !== "Collecting") return;
  const proved = [...s.lost.answers].filter(([, round]) => round.view > 1 || round.epoch <= s.epoch);
  const signers = proved.flatMap(([from]) => indexOf(s.set, from) ?? []);
  if (!isQuorum(weightOf(s.set, signers), s.set.total)) return;
  const top = proved.map(([, round]) => round).reduce((a, b) => (isAbove(b, a) ? b : a));
  s.lost = { phase: "Resumed", ...top };
  ctx.out.push({ type: "Persist", records: [{ type: "Resume", ...top }] });
  // Those of this view may have passed while no vote was allowed.
  startTimeouts(ctx);
  ctx.dirty = true;
}

function isAbove(a: Round, b: Round): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.view > b.view);
}
