/** Verify and VerifyCerts: every signature of votes and certificates, by the scheme, off the engine. */
import { voteBody } from "@noema/core/crypto/signed-message";
import type { Certificate, CertificateScheme, ValidatorSet } from "@noema/core/ports/signing";
import type { Effect } from "../engine/events.ts";
import type { Cert } from "../types.ts";

export type Checks = {
  votes(effect: Extract<Effect, { type: "Verify" }>): Promise<{ certificate?: Certificate; bad: number[] }>;
  cert(cert: Cert): Promise<boolean>;
};

export function createChecks(scheme: CertificateScheme, setOf: (epoch: number) => ValidatorSet | undefined): Checks {
  return {
    async votes({ vote, votes }) {
      const set = setOf(vote.epoch);
      if (set === undefined) return { bad: [] };
      return scheme.aggregate(set, vote.kind, voteBody(vote.epoch, vote.view, vote.hash), votes);
    },
    async cert({ kind, epoch, view, hash, bitmap, signature }) {
      const set = setOf(epoch);
      return set !== undefined && scheme.verify(set, kind, voteBody(epoch, view, hash), { bitmap, signature });
    },
  };
}
