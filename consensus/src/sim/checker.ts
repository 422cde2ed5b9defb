/**
 * Invariants, checked as things happen (consensus.md 5.3), against a view of the whole network that no node has. Nothing here
 * uses the engine's own bookkeeping: votes are taken as they are sent, certificates as they are written to a log, blocks as they
 * are given out.
 */
import { equalBytes, toHex } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { bitmapIndexes } from "@noema/core/quorum";
import type { FinalizedBlock, LogRecord } from "../engine/events.ts";
import type { Block, Cert, UnsignedVote } from "../types.ts";
import { GENESIS_ROOT, nextRoot } from "./blocks.ts";
import { addReveal, leaders, quorum, type Randomness, randomnessOf } from "./oracle/protocol.ts";

export type Checker = {
  set: ValidatorSet;
  epochLength: number;
  execLag: number;
  blocks: Map<string, Block>;
  /** By "epoch/view". */
  notarized: Map<string, string>;
  nullified: Set<string>;
  finalizedIn: Map<string, string>;
  /** Views of each epoch with N and with F, and their hashes. */
  epochs: Map<number, { n: Map<number, string>; f: Map<number, string> }>;
  /** By height: the chain all agree on, its roots and randomness. */
  chain: Block[];
  roots: Hash[];
  randomness: Randomness;
  weights: bigint[];
  votes: Map<string, { notarize?: string; nullify?: boolean; finalize?: string }>;
};

/** What a rule promises did not hold. */
export class Violation extends Error {}

export function fail(rule: string, detail: string): never {
  throw new Violation(`${rule}: ${detail}`);
}

export function createChecker(set: ValidatorSet, epochLength: number, execLag: number, genesis: Block, genesisHash: Hash): Checker {
  return {
    set,
    epochLength,
    execLag,
    blocks: new Map([[toHex(genesis.hash), genesis]]),
    notarized: new Map(),
    nullified: new Set(),
    finalizedIn: new Map(),
    epochs: new Map(),
    chain: [genesis],
    roots: [GENESIS_ROOT],
    randomness: randomnessOf(genesisHash),
    weights: set.members.map((m) => m.weight),
    votes: new Map(),
  };
}

export function knowBlock(c: Checker, block: Block): void {
  c.blocks.set(toHex(block.hash), block);
}

/** An honest validator sends a vote: it contradicts none it sent before, in any of its lives, and its log holds it. */
export function checkVote(c: Checker, signer: number, vote: UnsignedVote, log: readonly LogRecord[]): void {
  const at = `${vote.epoch}/${vote.view}`;
  const key = `${signer}/${at}`;
  const before = c.votes.get(key) ?? {};
  c.votes.set(key, before);
  const hash = vote.hash === undefined ? "" : toHex(vote.hash);
  if (!log.some((r) => r.type === "Vote" && sameVote(r.vote, vote))) fail("log covers votes", `validator ${signer} ${vote.kind} ${at}`);
  if (vote.kind === "nullify") {
    if (before.finalize !== undefined) fail("nullify or finalize", `validator ${signer} voted both in ${at}`);
    before.nullify = true;
    return;
  }
  if (before[vote.kind] !== undefined && before[vote.kind] !== hash) fail(`one ${vote.kind} a view`, `validator ${signer} in ${at}`);
  before[vote.kind] = hash;
  if (vote.kind === "finalize") {
    if (before.nullify) fail("nullify or finalize", `validator ${signer} voted both in ${at}`);
    if (c.notarized.get(at) !== hash) fail("finalize only what is notarized", `validator ${signer} in ${at}`);
  } else checkNotarizable(c, signer, vote);
}

function sameVote(a: UnsignedVote, b: UnsignedVote): boolean {
  return (
    a.kind === b.kind &&
    a.epoch === b.epoch &&
    a.view === b.view &&
    (a.hash === undefined || (b.hash !== undefined && equalBytes(a.hash, b.hash)))
  );
}

/** No honest validator notarizes a block that breaks a rule, whoever proposed it. */
function checkNotarizable(c: Checker, signer: number, vote: UnsignedVote): void {
  const block = c.blocks.get(toHex(vote.hash as Hash));
  if (block === undefined) fail("vote for a block", `validator ${signer} in ${vote.epoch}/${vote.view}: nobody made it`);
  const { header } = block;
  const parent = c.blocks.get(toHex(header.parentHash));
  const where = `validator ${signer} for height ${header.height} in ${vote.epoch}/${vote.view}`;
  if (parent === undefined) fail("parent exists", where);
  const last = header.height % c.epochLength === 0;
  const root = c.roots[header.exec.height];
  const sound =
    header.epoch === vote.epoch &&
    header.epoch === Math.floor((header.height - 1) / c.epochLength) &&
    (header.view === vote.view || (last && header.view < vote.view)) &&
    header.height === parent.header.height + 1 &&
    header.timestampMs > parent.header.timestampMs &&
    header.exec.height >= parent.header.exec.height &&
    header.exec.height <= Math.max(0, header.height - c.execLag) &&
    (header.payloadBytes === 0 || header.height - header.exec.height <= 2 * c.execLag) &&
    header.proposer === leaderAt(c, header.epoch, header.view);
  if (!sound) fail("valid block", where);
  if (root === undefined || !equalBytes(root, header.exec.stateRoot)) fail("execution roots agree", where);
}

function leaderAt(c: Checker, epoch: number, view: number): number | undefined {
  const seed = c.randomness.seeds[epoch];
  if (seed === undefined) return undefined;
  const schedule = leaders(c.weights, seed);
  return schedule[view % schedule.length];
}

/** An honest validator took up a certificate. */
export function checkCert(c: Checker, cert: Cert): void {
  const at = `${cert.epoch}/${cert.view}`;
  const signers = bitmapIndexes(cert.bitmap, c.set.members.length);
  if (signers === undefined || !quorum(c.weights, signers)) fail("certificate has its weight", `${cert.kind} ${at}`);
  if (cert.kind === "nullify") {
    c.nullified.add(at);
    if (c.finalizedIn.has(at)) fail("no nullification of a finalized view", at);
    return;
  }
  const hash = toHex(cert.hash as Hash);
  const epoch = c.epochs.get(cert.epoch) ?? { n: new Map(), f: new Map() };
  c.epochs.set(cert.epoch, epoch);
  const where = cert.kind === "notarize" ? c.notarized : c.finalizedIn;
  const known = where.get(at);
  if (known !== undefined && known !== hash) fail(`one ${cert.kind} certificate a view`, at);
  if (known !== undefined) return;
  where.set(at, hash);
  if (cert.kind === "notarize") {
    epoch.n.set(cert.view, hash);
    for (const [view, f] of epoch.f) if (view < cert.view) checkDescends(c, hash, f, `N ${at} and F in view ${view}`);
    return;
  }
  epoch.f.set(cert.view, hash);
  if (c.nullified.has(at)) fail("no nullification of a finalized view", at);
  if (c.notarized.get(at) !== hash) fail("finalization implies notarization", at);
  for (const [view, n] of epoch.n) if (view > cert.view) checkDescends(c, n, hash, `F ${at} and N in view ${view}`);
}

function checkDescends(c: Checker, from: string, ancestor: string, where: string): void {
  const height = c.blocks.get(ancestor)?.header.height ?? 0;
  let at = c.blocks.get(from);
  while (at !== undefined && at.header.height > height) at = c.blocks.get(toHex(at.header.parentHash));
  if (at === undefined || toHex(at.hash) !== ancestor) fail("ancestry", where);
}

/** An honest node gives out its next final block. */
export function checkFinal(c: Checker, node: number, previous: number, final: FinalizedBlock): void {
  const { header, hash } = final.block;
  const where = `node ${node} height ${header.height}`;
  if (header.height !== previous + 1) fail("in order, once", `${where} after ${previous}`);
  const agreed = c.chain[header.height];
  if (agreed === undefined) extendChain(c, final.block, where);
  else if (!equalBytes(agreed.hash, hash)) fail("agreement", where);
  if (!equalBytes(c.randomness.mixes[header.height] as Hash, final.prevRandao)) fail("randomness agrees", where);
  if (header.height % c.epochLength === 0 && (final.cert?.hash === undefined || !equalBytes(final.cert.hash, hash)))
    fail("a boundary comes with its F", where);
}

function extendChain(c: Checker, block: Block, where: string): void {
  const { header } = block;
  const parent = c.chain[header.height - 1];
  if (parent === undefined || !equalBytes(parent.hash, header.parentHash)) fail("agreement", `${where} does not follow the chain`);
  const certified = c.epochs.get(header.epoch)?.n;
  if (certified === undefined || ![...certified.values()].includes(toHex(block.hash))) fail("finalization implies notarization", where);
  const root = c.roots[header.exec.height];
  if (root === undefined || !equalBytes(root, header.exec.stateRoot)) fail("execution roots agree", where);
  c.chain.push(block);
  c.roots.push(nextRoot(c.roots[header.height - 1] as Hash, block));
  addReveal(c.randomness, header.randaoReveal, c.epochLength);
}
