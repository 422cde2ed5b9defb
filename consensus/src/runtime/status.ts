import type { Height } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { isQuorum, weightOf } from "@noema/core/quorum";

export type ConsensusStatus = {
  epoch: number;
  view: number;
  /** Height of the newest final block. */
  height: Height;
  /** Height of the newest block that the application has executed. */
  executed: Height;
  leader: number;
  /** Exponent k of the view timers' back-off 1.5^k. */
  backoff: number;
  /** Validators heard from lately, this one included, ascending. */
  heard: number[];
  validators: number;
  /** Whether those heard from have more than two thirds of stake. */
  quorumHeard: boolean;
  /** The smallest number of validators whose weight is a quorum. */
  quorumNeeds: number;
  /** "2 of 4 validators, quorum needs 3" */
  quorum: string;
  /** The log was lost: no votes until a quorum has answered. */
  logLost: boolean;
  healthy: boolean;
  /** Why it is not. */
  fault?: { code: string; message: string };
  queue: number;
  dropped: number;
};

export function quorumOf(set: ValidatorSet, heard: readonly number[]) {
  const quorumNeeds = smallestQuorum(set);
  const validators = set.members.length;
  return {
    heard: [...heard],
    validators,
    quorumHeard: isQuorum(weightOf(set, heard), set.total),
    quorumNeeds,
    quorum: `${heard.length} of ${validators} validators, quorum needs ${quorumNeeds}`,
  };
}

function smallestQuorum(set: ValidatorSet): number {
  const weights = set.members.map((member) => member.weight).sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  let sum = 0n;
  let count = 0;
  for (const weight of weights) {
    if (isQuorum(sum, set.total)) break;
    sum += weight;
    count++;
  }
  return count;
}
