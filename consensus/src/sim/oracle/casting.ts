/** Each vote and each draft of an honest node, against what that node knew. */
import type { DraftRequest, Effect } from "../../engine/events.ts";
import type { Proposal, UnsignedVote } from "../../types.ts";
import { fail } from "../checker.ts";
import type { SimNode, World } from "../world.ts";
import { judge } from "./judge.ts";
import { hex, third } from "./protocol.ts";
import { certifiedHash, leaderOf, mayVoteIn, record, type Shadow } from "./shadow.ts";
import { intervalOf } from "./shadow-steps.ts";

type Step = { w: World; node: SimNode; s: Shadow; now: number };

export function seeVote(step: Step, { vote, to, proposal }: Extract<Effect, { type: "SignAndSend" }>): void {
  const { s, node } = step;
  const where = `node ${node.id} ${vote.kind} ${vote.epoch}/${vote.view}`;
  const cast = s.cast.get(vote.view) ?? {};
  const hash = hex(vote.hash);
  if (to === "nobody") {
    const logged = vote.kind === "nullify" ? cast.nullify : cast[vote.kind] === hash;
    if (vote.epoch !== s.epoch || !logged) fail("only logged votes are signed again", where);
    return;
  }
  if (vote.epoch !== s.epoch || !mayVoteIn(s, vote.view)) fail("no vote in this round", where);
  if ((vote.kind === "nullify") !== (vote.hash === undefined)) fail("a vote names its block", where);
  if (vote.kind === "notarize") {
    if (cast.notarize !== undefined) fail("one notarize a view", where);
    seeNotarize(step, vote, proposal, where);
  } else if (vote.kind === "nullify") {
    if (cast.finalize !== undefined || cast.nullify) fail("nullify once, and not beside finalize", where);
    seeNullify(step, vote.view, where);
  } else {
    if (cast.finalize !== undefined || cast.nullify) fail("finalize once, and not beside nullify", where);
    const n = s.certs.get(vote.view)?.notarize;
    if (n === undefined || hex(n.hash) !== hash) fail("finalize what is notarized", where);
  }
  record(s, vote.kind, vote.view, hash);
}

function seeNotarize(step: Step, vote: UnsignedVote, proposal: Proposal | undefined, where: string): void {
  const { w, node, s, now } = step;
  const hash = hex(vote.hash);
  if (vote.view !== s.view) fail("notarize only in the current view", where);
  if (s.cast.get(vote.view)?.nullify) fail("no notarize after nullify", where);
  const at = `${vote.epoch}/${vote.view}`;
  const p = proposal ?? s.proposals.get(at)?.find((q) => q.vote.signer === leaderOf(s, vote.view) && hashOf(q) === hash);
  if (p === undefined) fail("notarize what the leader proposed", where);
  if (hashOf(p) !== hash) fail("the proposal is what the vote names", where);
  const verdict = judge(w, node, s, p, now);
  if (verdict !== "valid") fail("notarize only what is valid", `${where}: ${verdict}`);
  if (proposal !== undefined) seeOwnProposal(step, proposal, where);
  else if ("block" in p.content) {
    const checked = s.checked.get(at);
    if (checked?.hash !== hash || checked.result !== "valid") fail("notarize only after validation", where);
  }
}

/** Its own justification proves the whole way down to the parent. */
function seeOwnProposal({ s }: Step, p: Proposal, where: string): void {
  if (p.epoch !== s.epoch || p.view !== s.view || leaderOf(s, p.view) !== s.key) fail("the leader proposes", where);
  const { parentCert, nullifications } = p.justification;
  const proves =
    parentCert === undefined ? p.parentView === 0 : parentCert.view === p.parentView && hex(parentCert.hash) === hex(p.parentHash);
  const needed = Math.min(1_023, p.view - 1 - p.parentView);
  const views = new Set(nullifications.filter((c) => c.kind === "nullify" && c.epoch === s.epoch && c.view < p.view).map((c) => c.view));
  let complete = nullifications.length === needed;
  for (let u = p.view - 1; u >= p.view - needed; u--) complete &&= views.has(u);
  if (!proves || !complete) fail("a proposal is justified", where);
}

function seeNullify({ w, node, s, now }: Step, view: number, where: string): void {
  if (view !== s.view) fail("nullify only in the current view", where);
  const at = `${s.epoch}/${view}`;
  const nullifiers = [...(s.heard.get(`nullify/${at}/`)?.keys() ?? [])];
  if (now >= s.t2.may || third(w.scenario.weights, nullifiers)) return;
  if (now >= s.t1.may && !s.checked.has(at)) return;
  const proposals = (s.proposals.get(at) ?? []).filter((p) => p.vote.signer === leaderOf(s, view));
  if (proposals.some((p) => judge(w, node, s, p, now).startsWith("invalid"))) return;
  if (s.checked.get(at)?.result === "invalid") return;
  fail("nullify for a reason", `${where} after ${now - s.enteredAt} ms`);
}

function hashOf(p: Proposal): string {
  return hex("block" in p.content ? p.content.block.hash : p.content.reproposalOf);
}

export function seeDraft({ w, node, s, now }: Step, r: DraftRequest): void {
  const where = `node ${node.id} ${s.epoch}/${s.view}`;
  const { params } = w.scenario;
  const cast = s.cast.get(s.view);
  if (r.epoch !== s.epoch || r.view !== s.view || r.proposer !== s.key || leaderOf(s, s.view) !== s.key) fail("the leader drafts", where);
  if (cast?.notarize !== undefined || cast?.nullify || !mayVoteIn(s, s.view)) fail("no draft after a vote", where);
  let below = s.view - 1;
  while (below > s.floor && certifiedHash(s, below) === undefined) {
    if (s.certs.get(below)?.nullify === undefined) fail("a draft skips only nullified views", where);
    below--;
  }
  const expected = below === 0 ? s.base : certifiedHash(s, below);
  const { header } = r.parent;
  if (hex(r.parent.hash) !== expected) fail("a draft follows the highest certified block", where);
  const wait = intervalOf(w, s);
  const due = s.enteredAt + Math.min(wait, Math.max(0, header.timestampMs + wait - s.enteredAt));
  if (now < due && s.payload !== "full" && !params.instant) fail("the leader waits for the interval", where);
  const sound =
    r.height === header.height + 1 &&
    r.timestampMs === Math.max(now, header.timestampMs + 1) &&
    (r.minExecHeight === header.exec.height || params.controls?.fixedExecHeight) &&
    r.maxExecHeight === Math.max(0, r.height - params.execLag) &&
    r.payloadMinExecHeight === r.height - 2 * params.execLag;
  if (!sound) fail("what a draft asks for", where);
}
