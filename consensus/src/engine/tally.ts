/** Unverified votes of one kind in one view, by hash: at most one and one conflicting for each signer. */
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { isMoreThanThird, isQuorum } from "@noema/core/quorum";
import type { UnsignedVote, Vote } from "../types.ts";

type Candidate = { signatures: Map<number, Bytes>; weight: bigint; verifying: boolean };
export type Tally = { byHash: Map<string, Candidate>; kept: Map<number, number>; bad: Set<number> };

const PER_SIGNER = 2;

export function createTally(): Tally {
  return { byHash: new Map(), kept: new Map(), bad: new Set() };
}

function keyOfVote(vote: UnsignedVote): string {
  return vote.hash === undefined ? "" : toHex(vote.hash);
}

/** False when it is a repeat, one too many, or from a signer whose vote was bad. */
export function addVote(tally: Tally, set: ValidatorSet, vote: Vote): boolean {
  const member = set.members[vote.signer];
  const kept = tally.kept.get(vote.signer) ?? 0;
  if (member === undefined || kept >= PER_SIGNER || tally.bad.has(vote.signer)) return false;
  const key = keyOfVote(vote);
  let candidate = tally.byHash.get(key);
  if (candidate === undefined) {
    candidate = { signatures: new Map(), weight: 0n, verifying: false };
    tally.byHash.set(key, candidate);
  }
  if (candidate.signatures.has(vote.signer)) return false;
  candidate.signatures.set(vote.signer, vote.signature);
  candidate.weight += member.weight;
  tally.kept.set(vote.signer, kept + 1);
  return true;
}

/** The votes to verify when their weight passes quorum and none of this hash are being verified. */
export function takeQuorum(tally: Tally, set: ValidatorSet, vote: UnsignedVote, byCount = false): Map<number, Bytes> | undefined {
  const candidate = tally.byHash.get(keyOfVote(vote));
  if (candidate === undefined || candidate.verifying) return undefined;
  const enough = byCount ? 3 * candidate.signatures.size > 2 * set.members.length : isQuorum(candidate.weight, set.total);
  if (!enough) return undefined;
  candidate.verifying = true;
  return new Map(candidate.signatures);
}

/** After verification: the bad signers' votes go, and they are not heard again here. */
export function settleQuorum(tally: Tally, set: ValidatorSet, vote: UnsignedVote, bad: readonly number[]): void {
  const candidate = tally.byHash.get(keyOfVote(vote));
  if (candidate === undefined) return;
  candidate.verifying = false;
  for (const signer of bad) {
    tally.bad.add(signer);
    if (candidate.signatures.delete(signer)) candidate.weight -= set.members[signer]?.weight ?? 0n;
  }
}

/** Votes without a hash (nullify) from more than a third of the stake: an honest one is among them. */
export function moreThanThird(tally: Tally, set: ValidatorSet): boolean {
  return isMoreThanThird(tally.byHash.get("")?.weight ?? 0n, set.total);
}

export function signatureOf(tally: Tally, vote: UnsignedVote, signer: number): Bytes | undefined {
  return tally.byHash.get(keyOfVote(vote))?.signatures.get(signer);
}
