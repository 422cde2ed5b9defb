/**
 * Tricks of single rules: each breaks one rule of a proposal, a vote or a certificate and keeps all the others, so that only this one
 * rule stands between the trick and an honest vote.
 */
import { ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Block, Boundary, Cert, Header, Proposal, UnsignedVote, Vote } from "../types.ts";
import type { Message } from "../wire/frame.ts";
import { blockOf, execResult } from "./blocks.ts";
import { knowBlock } from "./checker.ts";
import { localTime, type SimNode, setHashOf, type World } from "./world.ts";

type Change = Partial<Header>;

/** One trick after the other, so that a run of a few dozen proposals has them all. */
function next<T>(w: World, tricks: readonly T[]): T {
  return tricks[w.tricks++ % tricks.length] as T;
}

export function alter(w: World, block: Block, change: Change): Block {
  const altered = blockOf({ ...block.header, ...change });
  knowBlock(w.checker, altered);
  return altered;
}

export function known(w: World, hash: Uint8Array): Block | undefined {
  return w.checker.blocks.get(Buffer.from(hash).toString("hex"));
}

/** One field out of its rule; results of execution are the true ones, when they are known. */
export function wrongField(w: World, node: SimNode, block: Block): Change {
  const { header } = block;
  const { params, weights } = w.scenario;
  const parent = known(w, header.parentHash)?.header ?? header;
  const other = (header.proposer + 1) % weights.length;
  const exec = (height: number): Change => {
    const root = w.checker.roots[height];
    return root === undefined ? { height: header.height + 1 } : { exec: execResult(height, root) };
  };
  const reveal = (signer: number, epoch: number, view: number) => ({ randaoReveal: w.signatures.reveal(signer, epoch, view) });
  const tooLate = localTime(w, node) + Math.min(500, params.deltaMs) + w.random.int(60, 300);
  return next<() => Change>(w, [
    () => ({ height: header.height + 1 }),
    () => ({ height: Math.max(1, header.height - 1) }),
    () => ({ timestampMs: parent.timestampMs }),
    () => ({ timestampMs: parent.timestampMs - 1 }),
    () => ({ timestampMs: tooLate }),
    () => ({ proposer: other, ...reveal(other, header.epoch, header.view) }),
    () => ({ view: header.view + 1, ...reveal(header.proposer, header.epoch, header.view + 1) }),
    () => ({ epoch: header.epoch + 1, ...reveal(header.proposer, header.epoch + 1, header.view) }),
    () => ({ validatorSetHash: setHashOf(w, header.epoch + 1) }),
    () => ({ nextValidatorSetHash: setHashOf(w, header.epoch) }),
    () => ({ parentHash: parent.parentHash }),
    () => ({ l1Origin: { number: Math.max(0, parent.l1Origin.number - 1), hash: ZERO_HASH } }),
    () => ({ randaoReveal: w.signatures.reveal(header.proposer, header.epoch, header.view + 1) }),
    () => exec(Math.max(0, header.height - params.execLag) + 1),
    () => exec(header.height - 1),
    () => exec(Math.max(0, parent.exec.height - 1)),
    () => ({ ...exec(parent.exec.height), payloadBytes: 1 }),
    () => ({ ...exec(parent.exec.height), payloadBytes: 0, blobBytes: 1 }),
    () => ({ exec: execResult(header.exec.height, sha256(header.exec.stateRoot)) }),
  ])();
}

type Sign = (vote: UnsignedVote) => Vote;

/** A proposal whose parts do not belong together, or that is not this node's to make. */
export function misproposal(w: World, node: SimNode, p: Proposal, vote: Vote, sign: Sign): Message {
  const with_ = (change: Partial<Proposal>, v: Vote = vote): Message => ({ type: "Propose", propose: { ...p, ...change, vote: v } });
  const parent = known(w, p.parentHash);
  const naming = (block: Block, change: Partial<Proposal> = {}) =>
    with_({ ...change, content: { block } }, sign({ kind: vote.kind, epoch: vote.epoch, view: vote.view, hash: block.hash }));
  const repeating = (hash: Uint8Array) => with_({ content: { reproposalOf: hash } }, sign({ ...unsigned(vote), hash }));
  if ("reproposalOf" in p.content && parent !== undefined) {
    if (w.random.chance(0.5)) return repeating(parent.header.parentHash);
    return naming(childOf(w, node, p, parent));
  }
  if (!("block" in p.content) || parent === undefined) return with_({});
  const { block } = p.content;
  const older = w.heard.filter((c) => c.kind === "notarize" && c.epoch === p.epoch && c.view < p.parentView);
  const ancestor = older.length === 0 ? undefined : known(w, w.random.choose(older).hash as Uint8Array);
  return next<() => Message>(w, [
    () => repeating(p.parentHash),
    () => with_({ parentView: p.view }),
    () => with_({ parentView: p.view + 1 }),
    () => with_({ parentView: 0 }),
    () => (ancestor ? naming(childOf(w, node, p, ancestor), { parentHash: ancestor.hash }) : with_({})),
    () => (ancestor ? naming(childOf(w, node, p, ancestor), { parentHash: ancestor.hash }) : with_({})),
    () => with_({}, sign({ ...unsigned(vote), kind: "finalize" })),
    () => with_({}, sign({ ...unsigned(vote), view: p.view + 1 })),
    () => with_({}, sign({ ...unsigned(vote), epoch: p.epoch + 1 })),
    () => with_({}, sign({ ...unsigned(vote), hash: p.parentHash })),
    () => with_({}, { ...vote, signer: (vote.signer + 1) % w.scenario.weights.length }),
    () => with_({ view: p.view + 1 }, sign({ ...unsigned(vote), view: p.view + 1, hash: block.hash })),
  ])();
}

function unsigned({ kind, epoch, view, hash }: Vote): UnsignedVote {
  return { kind, epoch, view, ...(hash && { hash }) };
}

/** A sound block of this view on top of `parent`, but for the place where it hangs. */
function childOf(w: World, node: SimNode, p: Proposal, parent: Block): Block {
  return alter(w, parent, {
    epoch: p.epoch,
    view: p.view,
    height: parent.header.height + 1,
    parentHash: parent.hash,
    timestampMs: Math.max(localTime(w, node), parent.header.timestampMs + 1),
    proposer: node.key,
    randaoReveal: w.signatures.reveal(node.key, p.epoch, p.view),
    payloadBytes: 0,
    blobBytes: 0,
    validatorSetHash: setHashOf(w, p.epoch),
    nextValidatorSetHash: setHashOf(w, p.epoch + 1),
  });
}

/** A message out of turn: for others, of other rounds, of the wrong form, or with what it does not prove. */
export function meddling(w: World, node: SimNode, sign: Sign): Message | undefined {
  const epoch = Math.max(0, ...w.heard.slice(-40).map((c) => c.epoch));
  const view = Math.max(1, ...w.heard.filter((c) => c.epoch === epoch).map((c) => c.view + 1));
  const cert = w.heard.length === 0 ? undefined : w.random.choose(w.heard);
  const hash = cert?.hash ?? ZERO_HASH;
  const victim = (node.key + 1) % w.scenario.weights.length;
  const say = (v: UnsignedVote): Message => ({ type: "Vote", vote: sign(v) });
  return next<() => Message | undefined>(w, [
    () => ({ type: "Vote", vote: { ...sign({ kind: "nullify", epoch, view }), signer: victim } }),
    () => ({ type: "Vote", vote: { ...sign({ kind: "notarize", epoch, view, hash }), signer: victim } }),
    () => say({ kind: "nullify", epoch, view }),
    () => say({ kind: "nullify", epoch, view: view + w.random.int(60, 200) }),
    () => say({ kind: "nullify", epoch: epoch + 1, view }),
    () => say({ kind: "nullify", epoch: Math.max(0, epoch - 1), view: view + 3 }),
    () => say({ kind: "notarize", epoch, view }),
    () => say({ kind: "nullify", epoch, view, hash }),
    () => say({ kind: "notarize", epoch, view, hash: w.random.bytes(32) }),
    () => say({ kind: "finalize", epoch, view: Math.max(1, view - w.random.int(0, 3)), hash: w.random.bytes(32) }),
    () => cert && { type: "Cert", cert: forged(w, cert, epoch, view) },
    () => cert && { type: "Certs", certs: [forged(w, cert, epoch, view), cert] },
    () => cert && { type: "Status", status: { epoch, view: view + 1, entry: forged(w, cert, epoch, view), nonce: 0 } },
    () => ({ type: "Status", status: { epoch, view: Math.max(1, view - w.random.int(1, 3)), nonce: 0 } }),
    () => ({ type: "GetCerts", epoch, from: 1, to: view + w.random.int(0, 400) }),
    () => ({ type: "Boundaries", boundaries: falseBoundaries(w, epoch) }),
  ])();
}

function forged(w: World, cert: Cert, epoch: number, view: number): Cert {
  const far = w.random.choose([0, 0, 1, 30]);
  const own = w.random.chance(0.5) ? { signature: w.random.bytes(cert.signature.length) } : { bitmap: new Uint8Array(cert.bitmap.length) };
  return w.random.chance(0.5) ? { ...cert, ...own } : { ...cert, epoch, view: view + far };
}

/** N in the place of F, or an F of a block that does not end the epoch. */
function falseBoundaries(w: World, epoch: number): Boundary[] {
  const out: Boundary[] = [];
  for (const cert of w.heard) {
    const block = cert.hash && cert.epoch === epoch ? known(w, cert.hash) : undefined;
    if (block !== undefined && out.length < 4) out.push({ block, cert });
  }
  return out;
}
