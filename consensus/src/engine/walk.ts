/** From a view downwards over the certificates held: to the parent of a new proposal, and to the holes in between. */
import type { Cert } from "../types.ts";
import { LIMITS } from "../types.ts";
import type { Parent, State } from "./state.ts";

/** N or F of a view at or above the floor. */
export function blockCert(s: State, view: number): Cert | undefined {
  if (view === s.finalizedView && s.finalizedCert !== undefined) return s.finalizedCert;
  const certs = s.rounds.get(view)?.certs;
  return certs?.finalize ?? certs?.notarize;
}

export function nullification(s: State, view: number): Cert | undefined {
  return s.rounds.get(view)?.certs.nullify;
}

/** The parent for a proposal of `view`: the highest N or F below it with X in all views between; or the first view that lacks all. */
export function parentFor(s: State, view: number): Parent | { hole: number } {
  const nullifications: Cert[] = [];
  for (let u = view - 1; u > 0; u--) {
    const cert = blockCert(s, u);
    if (cert?.hash !== undefined) return { view: u, hash: cert.hash, cert, nullifications };
    const x = nullification(s, u);
    if (x === undefined) return { hole: u };
    // The highest views come first: what does not fit is fetched by whoever lacks it.
    if (nullifications.length < LIMITS.justification - 1) nullifications.push(x);
  }
  return { view: 0, hash: s.base.hash, nullifications };
}

/** Views whose certificates are missing: below the current view, and for the current proposal. undefined: none. */
export function missingViews(s: State): { from: number; to: number } | undefined {
  const holes: number[] = [];
  for (let u = s.view - 1; u > s.finalizedView; u--) {
    if (blockCert(s, u) !== undefined) break;
    if (nullification(s, u) === undefined) holes.push(u);
  }
  const proposal = s.rounds.get(s.view)?.proposal;
  if (proposal !== undefined && proposal.parentView >= s.finalizedView && proposal.parentView < s.view) {
    for (let u = s.view - 1; u > proposal.parentView; u--) if (nullification(s, u) === undefined) holes.push(u);
    if (proposal.parentView > s.finalizedView && blockCert(s, proposal.parentView) === undefined) holes.push(proposal.parentView);
  }
  if (holes.length === 0) return undefined;
  const to = Math.max(...holes);
  return { from: Math.max(Math.min(...holes), to - LIMITS.certViews + 1), to };
}
