/**
 * After every step of an honest node: each effect is allowed by what the node knew, and nothing that it owed is left out. Together
 * with checker.ts, which sees the whole network, this is what a planted bug has to get past.
 */

import type { Cert } from "../../types.ts";
import type { Status } from "../../wire/status.ts";
import type { Effect, Event } from "../addresses.ts";
import { fail } from "../checker.ts";
import type { SimNode, World } from "../world.ts";
import { firmQuorum, hear, noteVote } from "./answers.ts";
import { seeDraft, seeVote } from "./casting.ts";
import { createDebts, type Debts } from "./debts.ts";
import { checkJoin, checkOverdue, holeOf } from "./overdue.ts";
import { probeVotes } from "./probe.ts";
import { certName, hex, quorum, voteName } from "./protocol.ts";
import type { Shadow } from "./shadow.ts";
import * as shadows from "./shadow.ts";
import * as steps from "./shadow-steps.ts";

type Step = { w: World; node: SimNode; s: Shadow; now: number; debts: Debts };

/** With every new F a missing block may be found anew and is then asked for anew; quick networks have an F each 8 ms. */
const ASKED_IN_A_PERIOD = 40;

export function watch(w: World, node: SimNode, event: Event, effects: readonly Effect[]): void {
  const s = node.shadow;
  if (s === undefined) return;
  const now = event.type === "TimerFired" ? Math.max(event.nowMs, event.atMs) : event.nowMs;
  const step: Step = { w, node, s, now, debts: createDebts() };
  const where = () => `node ${node.id} in ${s.epoch}/${s.view} on ${event.type === "Received" ? event.message.type : event.type}`;
  takeEvent(step, event);
  for (const effect of effects) seeEffect(step, effect);
  step.debts.settle(effects, where);
  checkJoin(step, where);
  checkOverdue(step, where);
  if (node.state !== undefined) probeVotes(s, node.state, where);
}

function takeEvent(step: Step, event: Event): void {
  const { w, s, now, debts } = step;
  switch (event.type) {
    case "Start":
      steps.startView(w, s, now);
      oweRetally(step);
      return;
    case "Received":
      hear(w, s, event, debts);
      if (event.message.type === "Vote") expectTally(step, voteName(event.message.vote));
      return;
    case "Signed":
      s.signed.add(voteName(event.vote));
      noteVote(s, event.vote, event.vote.epoch === s.epoch && event.vote.view > s.floor);
      expectTally(step, voteName(event.vote));
      return;
    case "Verified":
      takeVerified(step, event);
      return;
    case "CertsVerified":
      takeCertsVerified(step, event.id, event.good);
      return;
    case "Validated": {
      const asked = s.checking.get(event.id);
      if (asked !== undefined) s.checked.set(asked.at, { hash: asked.hash, result: event.result });
      return;
    }
    case "PayloadHeld":
      steps.notePayload(w, s, event);
  }
}

/** Own logged votes go back into the own tally. */
function oweRetally({ s, debts }: Step): void {
  for (const [view, cast] of s.cast)
    for (const kind of ["notarize", "nullify", "finalize"] as const)
      if (cast[kind] !== undefined)
        debts.owe("own logged votes are tallied again", (e) => e.type === "SignAndSend" && e.vote.kind === kind && e.vote.view === view);
}

/** Once votes of a quorum are heard they are being verified, or the certificate is there. */
function expectTally({ w, s, debts }: Step, name: string): void {
  const [kind, epoch, view] = name.split("/") as ["notarize" | "nullify" | "finalize", string, string];
  debts.expect("a quorum of votes is verified", () => {
    if (Number(epoch) !== s.epoch || Number(view) <= s.floor || s.certs.get(Number(view))?.[kind] !== undefined) return true;
    return !firmQuorum(w, s, name) || [...s.tallying.values()].includes(name);
  });
}

function takeVerified(step: Step, { id, certificate, bad }: Extract<Event, { type: "Verified" }>): void {
  const { s, debts } = step;
  const name = s.tallying.get(id);
  s.tallying.delete(id);
  if (name === undefined) return;
  const [kind, epoch, view, hash] = name.split("/") as [Cert["kind"], string, string, string];
  const current = Number(epoch) === s.epoch && Number(view) > s.floor;
  for (const signer of bad) {
    s.badVoters.add(`${kind}/${epoch}/${view}/${signer}`);
    s.heard.get(name)?.delete(signer);
    if (current) debts.owe("a bad vote is blamed", (e) => e.type === "Blame" && e.validator === signer);
  }
  if (!current) return;
  if (certificate === undefined) expectTally(step, name);
  else {
    const cert = { kind, epoch: s.epoch, view: Number(view), ...(hash !== "" && { hash: Buffer.from(hash, "hex") }), ...certificate };
    s.proved.add(certName(cert));
    expectStored(step, cert);
  }
}

function takeCertsVerified(step: Step, id: number, good: readonly boolean[]): void {
  const { s, debts } = step;
  const certs = s.verifying.get(id)?.certs ?? [];
  s.verifying.delete(id);
  certs.forEach((cert, i) => {
    if (good[i] !== true) return;
    s.proved.add(certName(cert));
    expectStored(step, cert);
  });
  if (good.includes(false) && certs.every((c) => c.epoch === s.epoch)) debts.owe("a bad certificate is blamed", (e) => e.type === "Blame");
}

function expectStored({ s, debts }: Step, cert: Cert): void {
  debts.expect("a sound certificate is stored", () => {
    return cert.epoch !== s.epoch || cert.view <= s.floor || s.certs.get(cert.view)?.[cert.kind] !== undefined;
  });
}

function seeEffect(step: Step, effect: Effect): void {
  const { w, node, s, now } = step;
  const at = `node ${node.id} in ${s.epoch}/${s.view}`;
  switch (effect.type) {
    case "Persist":
      for (const r of effect.records) {
        if (r.type === "Cert") seeCert(step, r.cert);
        else if (r.type === "Lost") s.lost ??= { answers: new Map() };
        else if (r.type === "Resume") seeResume(step, r);
      }
      return;
    case "SignAndSend":
      seeVote(step, effect);
      return;
    case "Send":
      if (effect.message.type === "GetStatus" && s.lost !== undefined) s.lost.nonce = effect.message.nonce;
      if (effect.message.type === "Status") seeStatus(step, effect.to === "all", effect.message.status);
      return;
    case "Fetch":
      seeFetch(step, effect);
      return;
    case "Verify": {
      const name = voteName(effect.vote);
      const heard = s.heard.get(name);
      if (effect.vote.epoch !== s.epoch || effect.vote.view <= s.floor) fail("no votes of other rounds are tallied", `${at}: ${name}`);
      if (!quorum(w.scenario.weights, effect.votes.keys())) fail("votes of a quorum are verified", `${at}: ${name}`);
      for (const [signer, signature] of effect.votes)
        if (!heard?.get(signer)?.signatures.has(hex(signature)))
          fail("only what the signer said is tallied", `${at}: ${name} of ${signer}`);
      s.tallying.set(effect.id, name);
      return;
    }
    case "VerifyCerts":
      s.verifying.set(effect.id, { certs: effect.certs });
      return;
    case "Validate": {
      const round = `${effect.block.header.epoch}/${effect.block.header.view}`;
      const hash = hex(effect.block.hash);
      const before = s.checked.get(`${s.epoch}/${s.view}`);
      if (before !== undefined && before.hash !== hash) fail("the first proposal of a view stays", at);
      if (before === undefined) s.checked.set(round, { hash });
      s.checking.set(effect.id, { at: round, hash });
      return;
    }
    case "Draft":
      seeDraft(step, effect.request);
      return;
    case "Finalize":
      if (hex(effect.blocks.at(-1)?.block.hash) !== hex(s.newestF?.hash)) fail("final up to the newest F", at);
      return;
    case "EpochEntered":
      if (hex(effect.boundary.hash) !== hex(s.newestF?.hash) || effect.epoch !== s.epoch + 1)
        fail("an epoch begins with a final block", at);
      steps.enterEpoch(w, s, hex(effect.boundary.hash), now);
      oweRetally(step);
      return;
    case "Prune":
      if (effect.epoch !== s.epoch || effect.view > s.floor) fail("only what lies below the floor is pruned", at);
      return;
    case "Blame":
      if (!w.scenario.byzantine.has(effect.validator))
        fail("no honest validator is blamed", `${at}: ${effect.validator} for ${effect.reason}`);
  }
}

function seeCert(step: Step, cert: Cert): void {
  const { w, node, s, now, debts } = step;
  const where = `node ${node.id}: ${voteName(cert)}`;
  if (cert.epoch !== s.epoch || cert.view <= s.floor) fail("no certificate of another epoch or below the floor", where);
  if (!s.proved.has(certName(cert))) fail("only verified certificates are stored", where);
  const held = shadows.held(s, cert.view);
  if (held[cert.kind] !== undefined) fail("a certificate is stored once", where);
  held[cert.kind] = cert;
  const cast = s.cast.get(cert.view);
  if (cert.kind === "notarize" && !cast?.nullify && cast?.finalize === undefined && shadows.mayVoteIn(s, cert.view))
    debts.owe("a notarization is voted final", (e) => e.type === "SignAndSend" && e.vote.kind === "finalize" && e.vote.view === cert.view);
  if (cert.view >= s.view) oweRelay(step, cert);
  if (cert.kind === "finalize") {
    shadows.raise(s, cert);
    s.backoff = Math.max(0, s.backoff - 1);
  }
  steps.enterView(w, s, cert, now);
}

function oweRelay({ w, s, debts }: Step, cert: Cert): void {
  const peers = w.scenario.weights.length - 1;
  if (peers === 0) return;
  const leader = shadows.leaderOf(s, cert.view + 1);
  debts.owe("a certificate that opens a view is relayed", (e) => {
    if (e.type !== "Send" || e.message.type !== "Cert" || certName(e.message.cert) !== certName(cert)) return false;
    if (cert.kind === "nullify" || e.to === "all") return e.to === "all";
    const fan = leader === s.key ? Math.min(3, peers) : 1 + Math.min(3, peers - 1);
    return (leader === s.key || e.to.includes(leader as number)) && new Set(e.to).size === fan;
  });
}

/** More than 2/3 without itself stand at M or below; the first view of an epoch is believed by whoever has reached it. */
function seeResume({ w, node, s, now }: Step, r: { epoch: number; view: number }): void {
  const below = [...(s.lost?.answers ?? [])].filter(
    ([, a]) => (a.view > 1 || a.epoch <= s.epoch) && (a.epoch < r.epoch || (a.epoch === r.epoch && a.view <= r.view)),
  );
  const signers = below.map(([signer]) => signer).filter((i) => i !== s.key);
  if (!quorum(w.scenario.weights, signers)) fail("a lost log waits for a quorum", `node ${node.id} resumes above ${r.epoch}/${r.view}`);
  s.lost = undefined;
  s.resumed = { epoch: r.epoch, view: r.view };
  steps.restartTimeouts(w, s, now);
}

function seeStatus({ w, node, s, now }: Step, toAll: boolean, status: Status): void {
  const at = `node ${node.id} in ${s.epoch}/${s.view}`;
  const opened = status.entry === undefined || status.entry.view + 1 === s.view;
  if (status.epoch !== s.epoch || status.view !== s.view || !opened) fail("a status tells the own round", at);
  if (s.entry !== undefined && status.entry === undefined) fail("a status carries the certificate that opened the view", at);
  if (certNameOf(status.finalized) !== certNameOf(s.newestF ?? s.baseF)) fail("a status carries the newest F", at);
  if (status.nonce !== 0 && !shadows.mayVoteIn(s, s.view)) fail("nobody answers from below its own votes", at);
  if (!toAll) return;
  if (now < s.statusAt + 3 * w.scenario.params.deltaMs) fail("a status at most every 3Δ", at);
  steps.noteStatus(w, s, now);
}

function certNameOf(cert: Cert | undefined): string {
  return cert === undefined ? "" : certName(cert);
}

function seeFetch({ w, node, s, now }: Step, { to, request }: Extract<Effect, { type: "Fetch" }>): void {
  const at = `node ${node.id} in ${s.epoch}/${s.view}`;
  if (to === s.key) fail("nobody asks itself", at);
  if (request.type === "GetCerts") {
    s.gapAskedAt = now;
    const hole = holeOf(s);
    if (request.epoch !== s.epoch || request.to - request.from >= 256) fail("a request for certificates is bounded", at);
    if (hole !== undefined && (hole < request.from || hole > request.to)) fail("the missing view is asked for", at);
  } else if (request.type === "GetBoundaries") s.boundariesAskedAt = now;
  else if (request.type === "GetBlocks") {
    const name = hex(request.hash);
    const before = s.blocksAsked.get(name);
    const period = 3 * w.scenario.params.deltaMs;
    const asked = before !== undefined && now < before.at + period ? { at: before.at, times: before.times + 1 } : { at: now, times: 1 };
    s.blocksAsked.set(name, asked);
    if (asked.times > ASKED_IN_A_PERIOD) fail("a block is asked for every 3Δ", at);
  }
}
