/** Verify and VerifyCerts: every signature of votes and certificates, by the scheme, off the engine. */
import { setImmediate } from "node:timers/promises";
import { voteBody } from "@noema/core/crypto/signed-message";
import type { Certificate, CertificateScheme, ValidatorSet } from "@noema/core/ports/signing";
import type { Effect } from "../engine/events.ts";
import type { Cert } from "../types.ts";

export type Checks = {
  votes(effect: Extract<Effect, { type: "Verify" }>): Promise<{ certificate?: Certificate; bad: number[] }>;
  /** Of one peer's message, in order, up to the first bad one: nobody sends that by mistake, and the rest could cost a pairing each. */
  certs(certs: readonly Cert[]): Promise<boolean[]>;
};

export function createChecks(scheme: CertificateScheme, setOf: (epoch: number) => ValidatorSet | undefined): Checks {
  async function verifies({ kind, epoch, view, hash, bitmap, signature }: Cert): Promise<boolean> {
    const set = setOf(epoch);
    return set !== undefined && scheme.verify(set, kind, voteBody(epoch, view, hash), { bitmap, signature });
  }
  return {
    async votes({ vote, votes }) {
      const set = setOf(vote.epoch);
      if (set === undefined) return { bad: [] };
      return scheme.aggregate(set, vote.kind, voteBody(vote.epoch, vote.view, vote.hash), votes);
    },
    async certs(certs) {
      const good = certs.map(() => false);
      for (const [i, cert] of certs.entries()) {
        if (!(await verifies(cert))) break;
        good[i] = true;
        if (i + 1 < certs.length) await setImmediate(); // some hundred may be good ones, a millisecond each
      }
      return good;
    },
  };
}
