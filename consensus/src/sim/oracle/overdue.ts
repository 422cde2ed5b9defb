/** What time alone demands of a node: timers, answers to open questions, and decisions that have been possible for long. */
import { fail } from "../checker.ts";
import type { SimNode, World } from "../world.ts";
import { judge } from "./judge.ts";
import { hex } from "./protocol.ts";
import type { Shadow } from "./shadow.ts";
import * as shadows from "./shadow.ts";

type Step = { w: World; node: SimNode; s: Shadow; now: number };

/** A timer acts in the millisecond that it is set to. */
const SLACK_MS = 5;
/** Certificates and blocks are checked in 3 ms each. */
const SETTLED_MS = 15;

/** The first view below the current one that nothing certifies, above the first N or F. */
export function holeOf(s: Shadow): number | undefined {
  for (let u = s.view - 1; u > s.floor; u--) {
    if (shadows.certifiedHash(s, u) !== undefined) return undefined;
    if (s.certs.get(u)?.nullify === undefined) return u;
  }
  return undefined;
}

/** Nullify votes of more than W/3 for the current view are joined. */
export function checkJoin({ w, s }: Step, where: () => string): void {
  const cast = s.cast.get(s.view);
  if (cast?.nullify || cast?.finalize !== undefined || !shadows.mayVoteIn(s, s.view)) return;
  const heard = s.heard.get(`nullify/${s.epoch}/${s.view}/`);
  if (heard === undefined) return;
  const sum = [...heard].filter(([, h]) => h.firm).reduce((a, [signer]) => a + (w.scenario.weights[signer] as bigint), 0n);
  if (3n * sum > w.scenario.weights.reduce((a, b) => a + b, 0n)) fail("nullify of more than a third is joined", where());
}

export function checkOverdue({ w, node, s, now }: Step, where: () => string): void {
  const cast = s.cast.get(s.view);
  const silent = !cast?.nullify && cast?.finalize === undefined && shadows.mayVoteIn(s, s.view);
  if (silent && now > s.t2.must + SLACK_MS) fail("T2 nullifies", where());
  const proposed = cast?.notarize !== undefined || (s.proposals.get(`${s.epoch}/${s.view}`)?.length ?? 0) > 0;
  if (silent && !proposed && now > s.t1.must + SLACK_MS) fail("T1 nullifies", where());
  if (now > s.statusDue + SLACK_MS) fail("a status in time", where());
  const alone = w.scenario.weights.length === 1;
  if (!alone && holeOf(s) !== undefined && now > s.gapAskedAt + 2 * w.scenario.params.deltaMs + SLACK_MS)
    fail("missing views are asked for", where());
  const reason = hopeless(w, node, s, now);
  if (silent && reason !== undefined) fail("what can never be valid is nullified", `${where()}: ${reason}`);
}

/** The leader's only proposal has been here for a while, so has its parent, and it breaks a rule that time does not mend. */
function hopeless(w: World, node: SimNode, s: Shadow, now: number): string | undefined {
  const proposals = s.proposals.get(`${s.epoch}/${s.view}`) ?? [];
  const p = proposals[0];
  if (p === undefined || proposals.length > 1 || p.vote.signer !== shadows.leaderOf(s, s.view) || s.verifying.size > 0) return undefined;
  const since = Math.max(s.enteredAt, s.arrived.get(p) ?? now);
  if (now <= since + SETTLED_MS || !s.seen.has(hex(p.parentHash))) return undefined;
  const verdict = judge(w, node, s, p, now);
  return verdict.startsWith("invalid") && verdict !== "invalid: execution result" ? verdict : undefined;
}
