/** What of BLS is worth a thread of its own: pure functions of 0.4 ms and more. A job brings keys as bytes, since an index moves when the set changes. */
import type { Bytes, Hash } from "../ports/bytes.ts";
import { sign, verify, verifyAggregate } from "./bls.ts";

/** One message that all of `keys` have signed, their possession proven. */
export type AggregateCheck = { keys: readonly Bytes[]; message: Hash; signature: Bytes };

export const blsJobs = {
  blsSign: sign,
  blsVerify: verify,
  blsVerifyAggregate: verifyAggregate,
  /** Certificates of one message of a peer: how many are good before the first that is not. */
  blsCountGood(checks: readonly AggregateCheck[]): number {
    const bad = checks.findIndex(({ keys, message, signature }) => !verifyAggregate(keys, message, signature));
    return bad < 0 ? checks.length : bad;
  },
};
