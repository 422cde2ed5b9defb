/**
 * What the vote rule would allow in every round that a node knows, asked after each step: rules that other parts of the engine keep
 * from being put to the test (nullify after finalize, votes below the floor) are tested all the same.
 */
import type { State } from "../../engine/state.ts";
import { mayVote } from "../../engine/vote.ts";
import type { VoteKind } from "../../types.ts";
import { fail } from "../checker.ts";
import { mayVoteIn, type Shadow } from "./shadow.ts";

/** Views around the current one and around the floor, and the newest ones voted in. */
const NEAREST = 4;

export function probeVotes(s: Shadow, state: State, where: () => string): void {
  const views = new Set([s.view, s.view + 1, s.floor, s.floor - 1, ...[...s.cast.keys()].slice(-NEAREST)]);
  for (const view of views) {
    if (view < 1) continue;
    for (const kind of ["notarize", "nullify", "finalize"] as const)
      if (mayVote(state, kind, view) && !allowed(s, kind, view)) fail("the vote rule forbids", `${kind} for view ${view}: ${where()}`);
  }
}

function allowed(s: Shadow, kind: VoteKind, view: number): boolean {
  const cast = s.cast.get(view);
  if (!mayVoteIn(s, view)) return false;
  if (kind === "notarize") return cast?.notarize === undefined;
  return !cast?.nullify && cast?.finalize === undefined;
}
