/**
 * Lazy verification (consensus.md section 3): votes are aggregated unverified and checked once, one pairing for a whole
 * quorum; only a failure is bisected. An aggregate that verifies under keys with proven possession is a valid certificate.
 * A certificate comes several times (from its lane, in a proposal, in a justification): what was found valid is remembered, and
 * what this process has signed itself is not checked.
 */
import { createBoundedSet } from "../bounded.ts";
import { toHex } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import type { Bytes, Hash } from "../ports/bytes.ts";
import type { Certificate, CertificateScheme, SignedKind, ValidatorSet } from "../ports/signing.ts";
import { bitmapIndexes, bitmapOf, isQuorum, weightOf } from "../quorum.ts";
import { aggregateSignatures, verify, verifyAggregate, verifyTogether } from "./bls.ts";
import type { OwnSignatures } from "./own-signatures.ts";
import { signedMessage } from "./signed-message.ts";

/** Hashes of valid certificates that are remembered: those of a few minutes. */
const REMEMBERED = 8192;

/** Whether all of `keys`, their possession proven, have signed. */
export type Pairing = (keys: readonly Bytes[], message: Hash, signature: Bytes) => Promise<boolean>;

/** `own`: where the own signer notes what it makes. `ofPeers`: who checks what others send, which may be much; what is gathered here is not. */
export function createCertificateScheme(
  genesisHash: Hash,
  own?: OwnSignatures,
  ofPeers: Pairing = async (...signed) => verifyAggregate(...signed),
): CertificateScheme {
  const isOwn = (publicKey: Bytes | undefined, message: Hash, signature: Bytes) =>
    publicKey !== undefined && own?.has(publicKey, message, signature) === true;
  const valid = createBoundedSet<string>(REMEMBERED);
  return {
    async aggregate(set, kind, body, votes) {
      const message = signedMessage(kind, genesisHash, body);
      const sorted = [...votes].sort((a, b) => a[0] - b[0]);
      const mine = ([i, signature]: Vote) => isOwn(set.members[i]?.publicKey, message, signature);
      const { good: checked, bad } = split(
        set,
        message,
        sorted.filter((vote) => !mine(vote)),
      );
      const good = [...checked, ...sorted.filter(mine)];
      const indexes = good.map(([i]) => i);
      if (!isQuorum(weightOf(set, indexes), set.total)) return { bad };
      const certificate = { bitmap: bitmapOf(indexes, set.members.length), signature: aggregateSignatures(good.map(([, s]) => s)) };
      valid.add(certificateHash(set, message, certificate));
      return { certificate, bad };
    },
    async verify(set, kind, body, certificate) {
      const message = signedMessage(kind, genesisHash, body);
      const hash = certificateHash(set, message, certificate);
      if (valid.has(hash)) return true;
      const keys = quorumOf(set, certificate.bitmap);
      const good = keys !== undefined && (await ofPeers(keys, message, certificate.signature));
      if (good) valid.add(hash);
      return good;
    },
    async verifyOne(publicKey, kind: SignedKind, body, signature) {
      const message = signedMessage(kind, genesisHash, body);
      if (kind === "randao") return isOwn(publicKey, message, signature) || verify(publicKey, message, signature); // one a view, and a vote waits for it
      return isOwn(publicKey, message, signature) || ofPeers([publicKey], message, signature);
    },
  };
}

/** Everything that a verification depends on; the message binds kind, body and chain, the set's hash its keys and weights. */
function certificateHash(set: ValidatorSet, message: Hash, { bitmap, signature }: Certificate): string {
  return toHex(sha256(set.hash, message, sha256(bitmap), signature));
}

/** Keys of the signers, where their weight is enough. */
function quorumOf(set: ValidatorSet, bitmap: Bytes): Bytes[] | undefined {
  const indexes = bitmapIndexes(bitmap, set.members.length);
  return indexes !== undefined && isQuorum(weightOf(set, indexes), set.total) ? keysOf(set, indexes) : undefined;
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
  const indexes = votes.map(([i]) => i);
  const known = indexes.every((i) => set.members[i] !== undefined);
  return (
    known &&
    verifyTogether(
      keysOf(set, indexes),
      message,
      votes.map(([, s]) => s),
    )
  );
}

function keysOf(set: ValidatorSet, indexes: readonly number[]): Bytes[] {
  return indexes.map((i) => (set.members[i] as { publicKey: Bytes }).publicKey);
}
