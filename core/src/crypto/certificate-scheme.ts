/**
 * Lazy verification (consensus.md section 3): votes are aggregated unverified and checked once, one pairing for a whole
 * quorum; only a failure is bisected. An aggregate that verifies under keys with proven possession is a valid certificate.
 */
import type { Bytes, Hash } from "../ports/bytes.ts";
import type { Certificate, CertificateScheme, SignedKind, ValidatorSet } from "../ports/signing.ts";
import { bitmapIndexes, bitmapOf, isQuorum, weightOf } from "../quorum.ts";
import { aggregateSignatures, verify, verifyAggregate } from "./bls.ts";
import { signedMessage } from "./signed-message.ts";

export function createCertificateScheme(genesisHash: Hash): CertificateScheme {
  return {
    async aggregate(set, kind, body, votes) {
      const message = signedMessage(kind, genesisHash, body);
      const { good, bad } = split(
        set,
        message,
        [...votes].sort((a, b) => a[0] - b[0]),
      );
      const indexes = good.map(([i]) => i);
      if (!isQuorum(weightOf(set, indexes), set.total)) return { bad };
      const certificate = { bitmap: bitmapOf(indexes, set.members.length), signature: aggregateSignatures(good.map(([, s]) => s)) };
      return { certificate, bad };
    },
    async verify(set, kind, body, certificate) {
      return verifyCertificate(set, signedMessage(kind, genesisHash, body), certificate);
    },
    async verifyOne(publicKey, kind: SignedKind, body, signature) {
      return verify(publicKey, signedMessage(kind, genesisHash, body), signature);
    },
  };
}

/** Weight first, then one pairing. */
export function verifyCertificate(set: ValidatorSet, message: Bytes, certificate: Certificate): boolean {
  const indexes = bitmapIndexes(certificate.bitmap, set.members.length);
  if (indexes === undefined || !isQuorum(weightOf(set, indexes), set.total)) return false;
  return verifyAggregate(keysOf(set, indexes), message, certificate.signature);
}

type Vote = [index: number, signature: Bytes];

function split(set: ValidatorSet, message: Bytes, votes: Vote[]): { good: Vote[]; bad: number[] } {
  if (votes.length === 0 || aggregateVerifies(set, message, votes)) return { good: votes, bad: [] };
  if (votes.length === 1) return { good: [], bad: [(votes[0] as Vote)[0]] };
  const half = votes.length >> 1;
  const left = split(set, message, votes.slice(0, half));
  const right = split(set, message, votes.slice(half));
  return { good: [...left.good, ...right.good], bad: [...left.bad, ...right.bad] };
}

function aggregateVerifies(set: ValidatorSet, message: Bytes, votes: readonly Vote[]): boolean {
  const known = votes.every(([i]) => set.members[i] !== undefined);
  if (!known) return false;
  try {
    return verifyAggregate(
      keysOf(
        set,
        votes.map(([i]) => i),
      ),
      message,
      aggregateSignatures(votes.map(([, s]) => s)),
    );
  } catch {
    return false;
  }
}

function keysOf(set: ValidatorSet, indexes: readonly number[]): Bytes[] {
  return indexes.map((i) => (set.members[i] as { publicKey: Bytes }).publicKey);
}
