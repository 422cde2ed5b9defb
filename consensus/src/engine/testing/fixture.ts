/** Four validators of weight 1 (or the given weights) at genesis, and certificates that nobody checks. */
import { utf8, ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { bitmapOf } from "@noema/core/quorum";
import { publicKeyAt } from "@noema/core/validator-index";
import { createValidatorSet } from "@noema/core/validator-set";
import { blockOf, execResult, GENESIS_ROOT, genesisBlock } from "../../sim/blocks.ts";
import type { Block, Cert, Header, Proposal, Propose, VoteKind } from "../../types.ts";
import { createEngine, step } from "../engine.ts";
import type { Effect, Event, Restore } from "../events.ts";
import type { Params } from "../params.ts";
import { genesisBeacon } from "../seed.ts";
import { type Context, leaderOf, type State } from "../state.ts";

const DEFAULT_PARAMS: Params = { deltaMs: 150, intervalMs: 400, idleIntervalMs: 400, execLag: 3, epochLength: 4096, instant: false };

export const NOW = 1_700_000_000_000;
export const SET = setOf([1n, 1n, 1n, 1n]);
export const GENESIS = genesisBlock(SET.hash, NOW);
export const HASH_A = sha256(utf8("a"));
export const HASH_B = sha256(utf8("b"));

export function setOf(weights: readonly bigint[]) {
  const members = weights.map((weight, i) => ({
    publicKey: Uint8Array.from({ length: 48 }, () => i),
    weight,
    feeAddress: new Uint8Array(20),
  }));
  return createValidatorSet(0, members);
}

export function key(index: number): PublicKeyHex {
  return publicKeyAt(SET, index) as PublicKeyHex;
}

export function engine(params: Partial<Params> = {}, restore: Partial<Restore> = {}, self = 0): State {
  const config = { params: { ...DEFAULT_PARAMS, ...params }, self: key(self), setForEpoch: () => SET };
  return createEngine(config, { tip: GENESIS, beacon: genesisBeacon(ZERO_HASH), records: [], entropy: new Uint8Array(32), ...restore });
}

export function started(params: Partial<Params> = {}, restore: Partial<Restore> = {}, self = 0): State {
  const s = engine(params, restore, self);
  run(s, { type: "Start" });
  return s;
}

type Unstamped = Event extends infer E ? (E extends { nowMs: number } ? Omit<E, "nowMs"> : never) : never;

export function run(s: State, event: Unstamped, nowMs = NOW): Effect[] {
  return step(s, { ...event, nowMs } as Event);
}

export function context(s: State): Context {
  return { s, now: NOW, out: [], dirty: false };
}

export function cert(kind: VoteKind, view: number, hash?: Uint8Array, epoch = 0): Cert {
  return { kind, epoch, view, ...(hash && { hash }), bitmap: bitmapOf([0, 1, 2], 4), signature: new Uint8Array(96) };
}

/** Takes the certificate in through the front door; all effects of both steps. */
export function learn(s: State, c: Cert, nowMs = NOW): Effect[] {
  const first = run(s, { type: "Received", from: key(1), message: { type: "Cert", cert: c } }, nowMs);
  const verify = first.find((e) => e.type === "VerifyCerts");
  return verify === undefined ? first : [...first, ...run(s, { type: "CertsVerified", id: verify.id, good: [true] }, nowMs)];
}

export function child(s: State, parent: Block, view: number, change: Partial<Header> = {}): Block {
  return blockOf({
    ...parent.header,
    view,
    height: parent.header.height + 1,
    parentHash: parent.hash,
    timestampMs: parent.header.timestampMs + 1,
    proposer: leaderOf(s, view),
    exec: execResult(0, GENESIS_ROOT),
    ...change,
  });
}

/** The proposal of the view's leader, received; answers Validate with `valid`. All effects. */
export function offer(s: State, proposal: Omit<Proposal, "epoch">, nowMs = NOW): Effect[] {
  const signer = leaderOf(s, proposal.view);
  const hash = "block" in proposal.content ? proposal.content.block.hash : proposal.content.reproposalOf;
  const vote = { kind: "notarize", epoch: 0, view: proposal.view, hash, signer, signature: new Uint8Array(96) } as const;
  const propose: Propose = { ...proposal, epoch: 0, vote };
  const effects = run(s, { type: "Received", from: key(signer), message: { type: "Propose", propose } }, nowMs);
  return effects.flatMap((e) => {
    if (e.type === "Validate") return run(s, { type: "Validated", id: e.id, result: "valid" }, nowMs);
    return e.type === "VerifyCerts" ? run(s, { type: "CertsVerified", id: e.id, good: e.certs.map(() => true) }, nowMs) : [e];
  });
}

export function votes(effects: readonly Effect[]): string[] {
  return effects.flatMap((e) => (e.type === "SignAndSend" && e.to === "all" ? [`${e.vote.kind} ${e.vote.view}`] : []));
}
