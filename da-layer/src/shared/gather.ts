/** Gathers signatures over one header, unverified, and aggregates when their weight passes the quorum; only a failure is bisected. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { AvailabilityHeader } from "@noema/core/ports/data";
import type { Certificate, CertificateScheme, SignedKind, ValidatorSet } from "@noema/core/ports/signing";
import { isQuorum, weightOf } from "@noema/core/quorum";
import { availabilityBody } from "@noema/core/types/availability";

export type Gatherer = {
  has(index: number): boolean;
  /** Resolves to the certificate when this signature completed the quorum. A validator that signed wrongly may sign again. */
  add(index: number, signature: Bytes): Promise<Certificate | undefined>;
};

export function createGatherer(
  scheme: CertificateScheme,
  set: ValidatorSet,
  kind: SignedKind,
  header: AvailabilityHeader,
  onBad: (indexes: number[]) => void,
): Gatherer {
  const votes = new Map<number, Bytes>();
  const body = availabilityBody(header);
  let aggregating = false;
  let done = false;

  async function tryAggregate(): Promise<Certificate | undefined> {
    while (!done && !aggregating && isQuorum(weightOf(set, votes.keys()), set.total)) {
      aggregating = true;
      const { certificate, bad } = await scheme.aggregate(set, kind, body, new Map(votes));
      aggregating = false;
      for (const index of bad) votes.delete(index);
      if (bad.length > 0) onBad(bad);
      if (certificate !== undefined) {
        done = true;
        return certificate;
      }
      if (bad.length === 0) return undefined;
    }
    return undefined;
  }

  return {
    has: (index) => votes.has(index),
    async add(index, signature) {
      if (done || votes.has(index) || set.members[index] === undefined) return undefined;
      votes.set(index, signature);
      return tryAggregate();
    },
  };
}
