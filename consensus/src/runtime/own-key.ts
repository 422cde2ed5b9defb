/**
 * Is another process alive with this validator's key (consensus.md 2.11)? It is asked for before the first vote, and of everybody who
 * connects later. A peer passes the question, 32 random bytes, on to every other process that proved the key to it; only who holds
 * the key can sign the answer, so no peer can keep a validator from starting with a lie. A peer also tells the newest votes of the key
 * that it has heard: one that the own log does not know was signed by another process, or the log is an old copy.
 */
import { equalBytes, fromHex, toHex } from "@noema/core/bytes";
import { voteBody } from "@noema/core/crypto/signed-message";
import type { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Network, Peer } from "@noema/core/ports/network";
import type { Random } from "@noema/core/ports/random";
import type { CertificateScheme, PublicKeyHex, Signer, ValidatorSet } from "@noema/core/ports/signing";
import { isQuorum, weightOf } from "@noema/core/quorum";
import { indexOf } from "@noema/core/validator-index";
import { consensusError } from "../errors.ts";
import type { Vote } from "../types.ts";
import { NONCE_BYTES } from "../wire/own-key.ts";
import { fromVote } from "../wire/vote.ts";
import { createKeyProofs } from "./key-proofs.ts";
import { METHODS } from "./methods.ts";
import { answerOwnKey } from "./own-key-answers.ts";

/** Where not enough answer for a quorum, one answer is enough after this; so long also a start waits. */
export const LONGER_WAIT_MS = 3_000;
const ASK_MS = 15_000;
const ASK_AGAIN_MS = 200;

export type OwnKeyDeps = {
  network: Network;
  clock: Clock;
  random: Random;
  logger: Logger;
  scheme: CertificateScheme;
  signer: Signer;
  /** Of the epoch at hand. */
  set(): ValidatorSet;
  setOf(epoch: number): ValidatorSet | undefined;
  isValidator(key: PublicKeyHex): boolean;
  /** The own log knows this own vote, or nothing that contradicts it can ever be signed here. */
  isAccounted(vote: Vote): boolean;
  /** What this node has heard of a validator. */
  newest(validator: PublicKeyHex): Vote[];
  /** Nothing speaks against voting. */
  free(): void;
  /** Nothing may be signed any more. */
  inUse(error: NoemaError<"KEY_IN_USE">): void;
};

export type OwnKey = { listen(): void; stop(): void };

type State = "new" | "listening" | "voting" | "ended";

export function createOwnKey(deps: OwnKeyDeps): OwnKey {
  const { network, clock, logger, signer } = deps;
  const self = signer.publicKey;
  const nonces = new Set<string>();
  const answered = new Set<PublicKeyHex>();
  const stopping = new AbortController();
  let state: State = "new";
  let patient = false;
  let since = 0;

  const proofs = createKeyProofs({ network, clock, scheme: deps.scheme, signal: stopping.signal });
  const mayAsk = (key: PublicKeyHex) => key === self || deps.isValidator(key);
  const isOwnQuestion = (nonce: Bytes) => nonces.has(toHex(nonce));
  answerOwnKey({
    network,
    clock,
    logger,
    signer,
    proofs,
    mayAsk,
    isOwnQuestion,
    voting: () => state === "voting",
    newest: deps.newest,
    nameOf,
  });
  network.onPeer((peer, up) => {
    if (up) void ask(peer);
  });

  async function ask(peer: Peer): Promise<void> {
    const { publicKey } = peer;
    if (publicKey === undefined || !mayAsk(publicKey) || state === "new" || state === "ended") return;
    const nonce = deps.random.bytes(NONCE_BYTES);
    nonces.add(toHex(nonce));
    try {
      if (publicKey === self) await askTwin(peer, nonce);
      else await askOther(peer, publicKey, nonce);
    } catch (error) {
      if (stopping.signal.aborted) return;
      logger.log("debug", "not told whether the own key is in use", { validator: nameOf(publicKey), error: String(error) });
      if (state === "listening") clock.after(ASK_AGAIN_MS, () => isHere(peer) && void ask(peer));
    } finally {
      nonces.delete(toHex(nonce));
    }
  }

  function isHere(peer: Peer): boolean {
    return state === "listening" && network.peers().some((x) => x.id === peer.id && x.instance === peer.instance);
  }

  async function askTwin(peer: Peer, nonce: Bytes): Promise<void> {
    const proof = await proofs.proofOf(peer, self, nonce);
    if (proof !== undefined) heardTwin(proof.voting === 1, `process ${peer.id}`);
  }

  async function askOther(peer: Peer, validator: PublicKeyHex, nonce: Bytes): Promise<void> {
    const answer = await proofs.question(peer, METHODS.ownKey, nonce, ASK_MS);
    for (const proof of answer.proofs)
      if (await proofs.isProof(self, nonce, proof))
        return heardTwin(proof.voting === 1, `validator ${nameOf(validator)} is connected to it`);
    if (state !== "listening") return;
    for (const vote of answer.votes.map(fromVote)) if (await isForeign(vote)) return heardVote(vote, validator);
    answered.add(validator);
    if (answered.size === 1) clock.after(LONGER_WAIT_MS, enough);
    judge();
  }

  async function isForeign(vote: Vote): Promise<boolean> {
    const set = deps.setOf(vote.epoch);
    if (set === undefined || vote.signer !== indexOf(set, self) || deps.isAccounted(vote)) return false;
    return deps.scheme.verifyOne(fromHex(self), vote.kind, voteBody(vote.epoch, vote.view, vote.hash), vote.signature);
  }

  function heardTwin(votes: boolean, where: string): void {
    if (state === "ended" || (state === "voting" && !votes)) return; // one that only starts hears of this one, and ends
    end(`another process runs with the key of validator ${nameOf(self)} (${where}); this one signs nothing more and ends`);
  }

  function heardVote({ kind, epoch, view }: Vote, validator: PublicKeyHex): void {
    if (state !== "listening") return;
    const known = `validator ${nameOf(validator)} holds a ${kind} of validator ${nameOf(self)} for epoch ${epoch}, view ${view}, which this vote log does not know`;
    end(`${known}: its key signs in another process, or the log is an old copy; this one signs nothing and ends`);
  }

  function end(message: string): void {
    state = "ended";
    stopping.abort(new Error("the key is in use"));
    deps.inUse(consensusError("KEY_IN_USE", message, { validator: nameOf(self) }));
  }

  /** Ascending, in the set at hand. */
  function placesOf(keys: Iterable<PublicKeyHex>): number[] {
    return [...keys].flatMap((key) => indexOf(deps.set(), key) ?? []).sort((a, b) => a - b);
  }

  /** For people: the index where there is one. */
  function nameOf(key: PublicKeyHex): number | PublicKeyHex {
    return indexOf(deps.set(), key) ?? key;
  }

  function enough(): void {
    patient = true;
    judge();
  }

  /** Any two quorums of answers share an honest peer, so of two that start at once one hears of the other. */
  function judge(): void {
    if (state !== "listening") return;
    const set = deps.set();
    const alone = isQuorum(weightOf(set, placesOf([self])), set.total);
    const quorum = answered.size > 0 && isQuorum(weightOf(set, placesOf([self, ...answered])), set.total);
    if (set.members.length > 1 && !quorum && !(patient && (answered.size > 0 || alone))) return;
    state = "voting";
    logger.log("info", "the own key is in use nowhere else", { answered: placesOf(answered), ms: clock.nowMs() - since });
    deps.free();
  }

  return {
    listen() {
      if (state !== "new") return;
      state = "listening";
      since = clock.nowMs();
      judge();
      for (const peer of network.peers()) void ask(peer);
      clock.after(LONGER_WAIT_MS, () => {
        if (state !== "listening") return;
        if (answered.size === 0)
          logger.log("warn", "no validator has told whether the own key is in use elsewhere: nothing is signed until one does", {});
        const set = deps.set();
        if (isQuorum(weightOf(set, placesOf([self])), set.total)) enough();
      });
    },
    stop() {
      state = "ended";
      stopping.abort(new Error("consensus stops"));
    },
  };
}

/** Own votes of the log, for `isAccounted`. */
export function createOwnVotes(votes: Iterable<Pick<Vote, "kind" | "epoch" | "view" | "hash">>): (vote: Vote) => boolean {
  const known = new Map<string, Bytes | undefined>();
  const key = (x: { kind: string; epoch: number; view: number }) => `${x.kind} ${x.epoch} ${x.view}`;
  for (const vote of votes) known.set(key(vote), vote.hash);
  return (vote) => {
    if (!known.has(key(vote))) return false;
    const hash = known.get(key(vote));
    return hash === undefined ? vote.hash === undefined : vote.hash !== undefined && equalBytes(hash, vote.hash);
  };
}
