/**
 * The connected validators, each by its key: when it was heard from, and whether the engine has blamed it. Votes rely on the
 * connection: a vote or a proposal is taken only from its signer's own (consensus.md 2.2).
 */
import { createBoundedMap } from "@noema/core/bounded";
import { isNoemaError, type Refusal } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Network, Peer, Verdict } from "@noema/core/ports/network";
import type { PublicKeyHex, ValidatorSet } from "@noema/core/ports/signing";
import { MAX_VALIDATORS } from "@noema/core/quorum";
import { indexOf } from "@noema/core/validator-index";
import type { Effect } from "../engine/events.ts";
import { refusal } from "../errors.ts";
import type { Vote } from "../types.ts";
import type { Message } from "../wire/frame.ts";
import { decodeFrame, encodeFrame } from "../wire/frame.ts";

/** Members of two sets that share nobody. */
const REMEMBERED = 2 * MAX_VALIDATORS;

export type BlameReason = Extract<Effect, { type: "Blame" }>["reason"];

const FOR: Record<BlameReason, Refusal> = {
  "bad-vote": refusal("CONSENSUS_VOTE_BAD"),
  "bad-certificate": refusal("CONSENSUS_CERT_BAD"),
  "bad-proposal": refusal("CONSENSUS_PROPOSAL_BAD"),
  impersonation: refusal("CONSENSUS_VOTE_NOT_OWN"),
};

export type Peers = {
  send(to: "all" | readonly PublicKeyHex[], message: Message): void;
  /** Id of a validator's connection. */
  idOf(validator: PublicKeyHex): string | undefined;
  connected(): PublicKeyHex[];
  /** The next frame of this validator gets the verdict of the first reason. */
  blame(validator: PublicKeyHex, reason: BlameReason): void;
  /** A frame of a peer that was not dealt with, by the code that says why. */
  dropped(code: string): void;
  /** A question, which tells that it is there. */
  answered(validator: PublicKeyHex): void;
  /** Local time of the last good frame, or answer, of a validator. */
  heardAt(validator: PublicKeyHex): number | undefined;
};

export type PeersDeps = {
  network: Network;
  clock: Clock;
  self: PublicKeyHex | undefined;
  /** Of this epoch, or of the one before or after. */
  isValidator(key: PublicKeyHex): boolean;
  setOf(epoch: number): ValidatorSet | undefined;
  /** False: the queue is full. */
  received(from: PublicKeyHex, message: Message): boolean;
  dropped(code: string): void;
};

export function createPeers(deps: PeersDeps): Peers {
  const { network } = deps;
  const heard = createBoundedMap<PublicKeyHex, number>(REMEMBERED);
  const blamed = new Map<PublicKeyHex, Refusal>();

  function connections(): Map<PublicKeyHex, string> {
    const ids = new Map<PublicKeyHex, string>();
    for (const { id, publicKey } of network.peers())
      if (publicKey !== undefined && publicKey !== deps.self && deps.isValidator(publicKey)) ids.set(publicKey, id);
    return ids;
  }

  network.onPeer(({ publicKey }, up) => {
    if (!up && publicKey !== undefined) blamed.delete(publicKey);
  });
  network.onFrame("consensus", (from, frame) => {
    const verdict = judge(from, frame);
    if (!verdict.ok) deps.dropped(verdict.code);
    return verdict;
  });

  function judge(from: Peer, frame: Bytes): Verdict {
    const { publicKey } = from;
    if (publicKey === undefined || !deps.isValidator(publicKey)) return refusal("CONSENSUS_PEER_NOT_VALIDATOR");
    const known = blamed.get(publicKey);
    if (known !== undefined) return known;
    let message: Message;
    try {
      message = decodeFrame(frame);
    } catch (error) {
      if (!isNoemaError(error)) throw error;
      return refusal("CONSENSUS_FRAME_INVALID");
    }
    if (isForeign(message, publicKey)) return refusal("CONSENSUS_VOTE_NOT_OWN");
    heard.set(publicKey, deps.clock.nowMs());
    return deps.received(publicKey, message) ? { ok: true } : refusal("CONSENSUS_QUEUE_FULL");
  }

  /** Where the epoch's set is not known yet, the vote only says how far its sender is. */
  function isForeign(message: Message, key: PublicKeyHex): boolean {
    const vote = voteOf(message);
    const set = vote && deps.setOf(vote.epoch);
    return vote !== undefined && set !== undefined && vote.signer !== indexOf(set, key);
  }

  return {
    send(to, message) {
      if (deps.self === undefined) return; // nobody takes frames of a node without a validator's key
      const ids = connections();
      const frame = encodeFrame(message);
      for (const validator of to === "all" ? ids.keys() : to) {
        const id = ids.get(validator);
        if (id === undefined || !network.send(id, "consensus", frame)) deps.dropped("unsent");
      }
    },
    idOf: (validator) => connections().get(validator),
    connected: () => [...connections().keys()],
    blame(validator, reason) {
      if (connections().has(validator) && !blamed.has(validator)) blamed.set(validator, FOR[reason]);
    },
    dropped: deps.dropped,
    answered: (validator) => heard.set(validator, deps.clock.nowMs()),
    heardAt: (validator) => heard.get(validator),
  };
}

export function voteOf(message: Message): Vote | undefined {
  if (message.type === "Vote") return message.vote;
  return message.type === "Propose" ? message.propose.vote : undefined;
}
