/**
 * Byzantine validators: an honest engine whose effects are bent on the way out, plus messages of their own. They share what they
 * hear. One of them may do anything except forge signatures of others.
 */
import { sha256 } from "@noema/core/hash";
import type { Cert, Proposal, UnsignedVote, Vote, VoteKind } from "../types.ts";
import type { Message } from "../wire/frame.ts";
import type { Effect } from "./addresses.ts";
import { execResult } from "./blocks.ts";
import { alter, known, meddling, misproposal, wrongField } from "./saboteur.ts";
import { BEHAVIOURS, type Behaviour } from "./scenario.ts";
import { later, type SimNode, send, type World } from "./world.ts";

type Deliver = (w: World, node: SimNode, from: number, message: Message) => void;
const HEARD = 400;
const SABOTAGE: readonly Behaviour[] = ["wrongHeader", "wrongHeader", "misproposer", "badJustification", "secondThought", "meddler"];

function behaviourOf(w: World, node: SimNode): Behaviour {
  if (node.behaviour === "saboteur") return w.random.choose(SABOTAGE);
  return node.behaviour === "chaos" ? w.random.choose(BEHAVIOURS) : (node.behaviour as Behaviour);
}

function say(w: World, node: SimNode, to: readonly number[], message: Message, deliver: Deliver): void {
  send(w, node, to, message, (n, f, m) => deliver(w, n, f, m));
}

function some(w: World): number[] {
  const odds = w.random.choose([0.3, 0.5, 0.8]);
  return w.scenario.weights.map((_, i) => i).filter(() => w.random.chance(odds));
}

function signed(w: World, node: SimNode, vote: UnsignedVote): Vote {
  return { ...vote, signer: node.key, signature: w.signatures.sign(node.key, vote) };
}

function castVote(
  w: World,
  node: SimNode,
  kind: VoteKind,
  epoch: number,
  view: number,
  hash: Uint8Array | undefined,
  deliver: Deliver,
): void {
  const vote = signed(w, node, { kind, epoch, view, ...(hash && kind !== "nullify" && { hash }) });
  const to = some(w);
  later(w, w.random.choose([0, 0, 0, 50, 400, 1500]), () => say(w, node, to, { type: "Vote", vote }, deliver));
}

/** True: the effect is dealt with here. */
export function byzantineEffect(w: World, node: SimNode, effect: Effect, deliver: Deliver): boolean {
  if (node.behaviour === "silent" && ["Send", "SignAndSend", "Serve", "Fetch"].includes(effect.type)) return true;
  if (effect.type === "Send") return behaviourOf(w, node) === "withholder" && w.random.chance(0.8);
  if (effect.type !== "SignAndSend" || effect.to === "nobody") return false;
  const vote = signed(w, node, effect.vote);
  const own = () => deliver(w, node, node.key, { type: "Vote", vote });
  const behaviour = behaviourOf(w, node);
  if (behaviour === "withholder") {
    if (w.random.chance(0.3)) return false;
    own();
    return true;
  }
  if (behaviour === "badVotes") {
    const bad = { ...vote, signature: w.random.bytes(vote.signature.length) };
    say(w, node, some(w), { type: "Vote", vote: bad }, deliver);
    own();
    return true;
  }
  if (effect.proposal === undefined) return false;
  const messages = bentProposals(w, node, behaviour, effect.proposal, vote, deliver);
  if (messages === undefined) return false;
  for (const [to, message] of messages) say(w, node, to, message, deliver);
  own();
  return true;
}

type Addressed = [to: number[], message: Message];

function bentProposals(w: World, node: SimNode, behaviour: Behaviour, p: Proposal, vote: Vote, deliver: Deliver): Addressed[] | undefined {
  const all = w.scenario.weights.map((_, i) => i);
  const with_ = (proposal: Proposal, v: Vote): Message => ({ type: "Propose", propose: { ...proposal, vote: v } });
  if (behaviour === "partialSender") return [[some(w), with_(p, vote)]];
  if (behaviour === "misproposer") {
    if (w.random.chance(0.3)) return undefined;
    return [[all, misproposal(w, node, p, vote, (v) => signed(w, node, v))]];
  }
  if (!("block" in p.content)) return undefined;
  if (behaviour === "secondThought") {
    const second = alter(w, p.content.block, { timestampMs: p.content.block.header.timestampMs + 1 });
    const other = with_({ ...p, content: { block: second } }, signed(w, node, { ...vote, hash: second.hash }));
    later(w, w.random.int(0, 8), () => say(w, node, all, other, deliver));
    return [[all, with_(p, vote)]];
  }
  if (behaviour === "equivocator") {
    const side = new Set(some(w));
    const second = alter(w, p.content.block, { timestampMs: p.content.block.header.timestampMs + 1 });
    const other = with_({ ...p, content: { block: second } }, signed(w, node, { ...vote, hash: second.hash }));
    const both = w.random.chance(0.3) ? all : all.filter((i) => !side.has(i));
    return [
      [[...side], with_(p, vote)],
      [both, other],
    ];
  }
  if (behaviour === "wrongExec") {
    const { exec } = p.content.block.header;
    const forged = w.random.chance(0.5)
      ? execResult(exec.height, sha256(exec.stateRoot))
      : execResult(exec.height + w.random.int(0, 4), exec.stateRoot);
    const second = alter(w, p.content.block, { exec: forged });
    return [[all, with_({ ...p, content: { block: second } }, signed(w, node, { ...vote, hash: second.hash }))]];
  }
  if (behaviour === "wrongHeader") {
    const second = alter(w, p.content.block, wrongField(w, node, p.content.block));
    return [[all, with_({ ...p, content: { block: second } }, signed(w, node, { ...vote, hash: second.hash }))]];
  }
  if (behaviour === "badJustification") return [[all, badlyJustified(w, node, p, vote)]];
  return undefined;
}

/** Skips certified views, forges or leaves out nullifications, or hangs the block at an older parent. */
function badlyJustified(w: World, node: SimNode, p: Proposal, vote: Vote): Message {
  const older = w.heard.filter((c) => c.kind === "notarize" && c.epoch === p.epoch && c.view < p.parentView);
  const trick = w.random.int(0, 3);
  if (trick === 0) return propose({ ...p, justification: { ...p.justification, nullifications: [] } }, vote);
  if (trick === 1) {
    const forged = (c: Cert): Cert => ({ ...c, signature: w.random.bytes(c.signature.length) });
    const { parentCert, nullifications } = p.justification;
    return propose(
      { ...p, justification: { parentCert: parentCert && forged(parentCert), nullifications: nullifications.map(forged) } },
      vote,
    );
  }
  if (older.length === 0 || !("block" in p.content)) return propose({ ...p, parentView: p.view + trick }, vote);
  const parentCert = w.random.choose(older);
  const parent = known(w, parentCert.hash as Uint8Array);
  if (parent === undefined) return propose(p, vote);
  const block = alter(w, p.content.block, { parentHash: parent.hash, height: parent.header.height + 1, exec: parent.header.exec });
  const fork = {
    ...p,
    parentView: parentCert.view,
    parentHash: parent.hash,
    content: { block },
    justification: { parentCert, nullifications: w.heard.filter((c) => c.kind === "nullify" && c.epoch === p.epoch).slice(-64) },
  };
  return propose(fork, signed(w, node, { ...vote, hash: block.hash }));
}

function propose(bent: Proposal, vote: Vote): Message {
  return { type: "Propose", propose: { ...bent, vote } };
}

export function byzantineMessage(w: World, node: SimNode, message: Message, deliver: Deliver): void {
  hear(w, message);
  const behaviour = behaviourOf(w, node);
  if (message.type === "Propose") onProposal(w, node, behaviour, message.propose, deliver);
  if (behaviour === "meddler" && w.random.chance(0.15)) {
    const trick = meddling(w, node, (v) => signed(w, node, v));
    if (trick !== undefined) say(w, node, some(w), trick, deliver);
  }
  const old = w.heard.length > 0 && w.random.chance(0.1) ? w.random.choose(w.heard) : undefined;
  if (old === undefined) return;
  if (behaviour === "staleCertificates") say(w, node, some(w), { type: "Cert", cert: old }, deliver);
  if (behaviour === "wrongEpoch")
    say(
      w,
      node,
      some(w),
      {
        type: "Cert",
        cert: { ...old, epoch: Math.max(0, old.epoch + w.random.choose([-1, 1, 1, 2])), view: old.view + w.random.int(0, 3) },
      },
      deliver,
    );
  if (behaviour === "impersonator") {
    const victim = w.random.int(0, w.scenario.weights.length - 1);
    const vote: Vote = {
      kind: w.random.choose(["notarize", "nullify", "finalize"]),
      epoch: old.epoch,
      view: (node.state?.view ?? 1) + w.random.int(0, 1),
      hash: old.hash,
      signer: victim,
      signature: old.signature,
    };
    if (vote.kind === "nullify") delete vote.hash;
    if (victim !== node.key) say(w, node, some(w), { type: "Vote", vote }, deliver);
  }
}

function onProposal(w: World, node: SimNode, behaviour: Behaviour, p: Proposal, deliver: Deliver): void {
  const hash = "block" in p.content ? p.content.block.hash : p.content.reproposalOf;
  if (behaviour === "doubleVoter" || behaviour === "equivocator") {
    castVote(w, node, "notarize", p.epoch, p.view, hash, deliver);
    castVote(w, node, "finalize", p.epoch, p.view, hash, deliver);
    castVote(w, node, "nullify", p.epoch, p.view, undefined, deliver);
  }
  if (behaviour === "nullifyAndFinalize") {
    castVote(w, node, "nullify", p.epoch, p.view, undefined, deliver);
    castVote(w, node, "finalize", p.epoch, p.view, hash, deliver);
  }
}

function hear(w: World, message: Message): void {
  const certs: (Cert | undefined)[] = [];
  if (message.type === "Cert") certs.push(message.cert);
  if (message.type === "Certs") certs.push(...message.certs);
  if (message.type === "Status") certs.push(message.status.entry, message.status.finalized);
  if (message.type === "Propose") certs.push(message.propose.justification.parentCert, ...message.propose.justification.nullifications);
  for (const cert of certs) {
    if (cert === undefined) continue;
    if (w.heard.length < HEARD) w.heard.push(cert);
    else w.heard[w.random.int(0, HEARD - 1)] = cert;
  }
}
