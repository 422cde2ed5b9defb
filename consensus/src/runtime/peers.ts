/**
 * The connected validators: who they are by index, when each was heard from, and which one the engine has blamed. Votes rely on
 * the connection: a vote or a proposal is taken only from its signer's own (consensus.md 2.2).
 */
import { isNoemaError, type Refusal } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Network, Peer, Verdict } from "@noema/core/ports/network";
import type { Effect } from "../engine/events.ts";
import { refusal } from "../errors.ts";
import type { Message } from "../types.ts";
import { decodeFrame, encodeFrame } from "../wire/frame.ts";

export type BlameReason = Extract<Effect, { type: "Blame" }>["reason"];

const FOR: Record<BlameReason, Refusal> = {
  "bad-vote": refusal("CONSENSUS_VOTE_BAD"),
  "bad-certificate": refusal("CONSENSUS_CERT_BAD"),
  "bad-proposal": refusal("CONSENSUS_PROPOSAL_BAD"),
  impersonation: refusal("CONSENSUS_VOTE_NOT_OWN"),
};

export type Peers = {
  send(to: "all" | readonly number[], message: Message): void;
  /** Id of a validator's connection. */
  idOf(validator: number): string | undefined;
  connected(): number[];
  /** The next frame of this connection gets the verdict of the first reason. */
  blame(validator: number, reason: BlameReason): void;
  /** Local time of the last good frame of a validator. */
  heardAt(validator: number): number | undefined;
};

export type PeersDeps = {
  network: Network;
  clock: Clock;
  self: number | undefined;
  /** False: the queue is full. */
  received(from: number, message: Message): boolean;
  dropped(code: string): void;
};

export function createPeers(deps: PeersDeps): Peers {
  const { network } = deps;
  const heard = new Map<number, number>();
  const blamed = new Map<string, Refusal>();

  function connections(): Map<number, string> {
    const ids = new Map<number, string>();
    for (const { id, validator } of network.peers()) if (validator !== undefined && validator !== deps.self) ids.set(validator, id);
    return ids;
  }

  network.onPeer((peer, up) => {
    if (!up) blamed.delete(peer.id);
  });
  network.onFrame("consensus", (from, frame) => {
    const verdict = judge(from, frame);
    if (!verdict.ok) deps.dropped(verdict.code);
    return verdict;
  });

  function judge(from: Peer, frame: Bytes): Verdict {
    const known = blamed.get(from.id);
    if (known !== undefined) return known;
    if (from.validator === undefined) return refusal("CONSENSUS_PEER_NOT_VALIDATOR");
    let message: Message;
    try {
      message = decodeFrame(frame);
    } catch (error) {
      if (!isNoemaError(error)) throw error;
      return refusal("CONSENSUS_FRAME_INVALID");
    }
    const signer = signerOf(message);
    if (signer !== undefined && signer !== from.validator) return refusal("CONSENSUS_VOTE_NOT_OWN");
    heard.set(from.validator, deps.clock.nowMs());
    return deps.received(from.validator, message) ? { ok: true } : refusal("CONSENSUS_QUEUE_FULL");
  }

  return {
    send(to, message) {
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
      const id = connections().get(validator);
      if (id !== undefined && !blamed.has(id)) blamed.set(id, FOR[reason]);
    },
    heardAt: (validator) => heard.get(validator),
  };
}

function signerOf(message: Message): number | undefined {
  if (message.type === "Vote") return message.vote.signer;
  return message.type === "Propose" ? message.propose.vote.signer : undefined;
}
