/**
 * What this node has seen of the others' votes, each from its signer's own connection: two that no honest validator signs are told
 * with the validator's index, once their signatures are checked; and a validator that starts is told the newest of its own.
 */
import { createBoundedMap } from "@noema/core/bounded";
import { equalBytes, to0x } from "@noema/core/bytes";
import { voteBody } from "@noema/core/crypto/signed-message";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { CertificateScheme, PublicKeyHex, ValidatorSet } from "@noema/core/ports/signing";
import { MAX_VALIDATORS } from "@noema/core/quorum";
import type { UnsignedVote, Vote, VoteKind } from "../types.ts";
import type { Message } from "../wire/frame.ts";
import { voteOf } from "./peers.ts";

/** For each signer; more than what is open at once, in which alone votes can contradict each other. */
const KEPT_VOTES = 512;
const KEPT_SIGNERS = 2 * MAX_VALIDATORS;
/** A pairing each, so once in a while for each signer. */
const CHECK_EVERY_MS = 1_000;

export type WitnessDeps = {
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  scheme: CertificateScheme;
  setOf(epoch: number): ValidatorSet | undefined;
};

export type Witness = {
  /** From the connection of its signer. */
  heard(from: PublicKeyHex, message: Message): void;
  /** Of each kind the newest vote of a validator. */
  newest(validator: PublicKeyHex): Vote[];
};

export function createWitness(deps: WitnessDeps): Witness {
  const { clock, logger, scheme, setOf } = deps;
  const bySigner = createBoundedMap<PublicKeyHex, Map<string, Vote>>(KEPT_SIGNERS);
  const checkedAt = createBoundedMap<PublicKeyHex, number>(KEPT_SIGNERS);
  const count = deps.metrics.counter("noema_consensus_equivocations_total", "Pairs of votes that one validator must not have signed both", [
    "validator",
  ]);

  function note(from: PublicKeyHex, vote: Vote): void {
    const votes = bySigner.get(from) ?? new Map<string, Vote>();
    bySigner.set(from, votes);
    const other = contradicted(votes, vote);
    if (other !== undefined) void check(from, other, vote);
    const key = keyOf(vote.kind, vote);
    if (votes.has(key)) return;
    votes.set(key, vote);
    if (votes.size > KEPT_VOTES) votes.delete(votes.keys().next().value as string);
  }

  async function check(from: PublicKeyHex, first: Vote, second: Vote): Promise<void> {
    const now = clock.nowMs();
    if (now - (checkedAt.get(from) ?? Number.NEGATIVE_INFINITY) < CHECK_EVERY_MS) return;
    checkedAt.set(from, now);
    const { signer, epoch, view } = second;
    const publicKey = setOf(epoch)?.members[signer]?.publicKey;
    if (publicKey === undefined) return;
    for (const { kind, hash, signature } of [first, second])
      if (!(await scheme.verifyOne(publicKey, kind, voteBody(epoch, view, hash), signature).catch(() => false))) return;
    count(1, { validator: `${signer}` });
    logger.log("warn", "equivocation", { validator: signer, epoch, view, votes: [first, second].map(nameOf) });
  }

  return {
    heard(from, message) {
      const vote = voteOf(message);
      if (vote !== undefined) note(from, vote);
    },
    newest(validator) {
      const newest = new Map<VoteKind, Vote>();
      for (const vote of bySigner.get(validator)?.values() ?? []) {
        const best = newest.get(vote.kind);
        if (best === undefined || vote.epoch > best.epoch || (vote.epoch === best.epoch && vote.view > best.view))
          newest.set(vote.kind, vote);
      }
      return [...newest.values()];
    },
  };
}

/** The pairs of consensus.md 2.6. */
function contradicted(votes: ReadonlyMap<string, Vote>, vote: Vote): Vote | undefined {
  const same = votes.get(keyOf(vote.kind, vote));
  if (same?.hash !== undefined && vote.hash !== undefined && !equalBytes(same.hash, vote.hash)) return same;
  if (vote.kind === "notarize") return undefined;
  return votes.get(keyOf(vote.kind === "nullify" ? "finalize" : "nullify", vote));
}

function keyOf(kind: VoteKind, { epoch, view }: UnsignedVote): string {
  return `${kind} ${epoch} ${view}`;
}

function nameOf({ kind, hash }: UnsignedVote): string {
  return hash === undefined ? kind : `${kind} ${to0x(hash)}`;
}
