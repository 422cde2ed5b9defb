/**
 * Signatures of simulations: sha256 keyed by a secret that only this module and the signer's holder know, 1,000 times
 * cheaper than BLS. An aggregate is the XOR of its members' signatures, so wrong weight, bitmap, kind, epoch, body or signer
 * all fail as they do with BLS. Not a signature scheme: the verifier knows every secret.
 */
import { compareBytes, concatBytes, equalBytes, u64le, utf8, ZERO_HASH } from "../bytes.ts";
import { signedMessage } from "../crypto/signed-message.ts";
import { sha256 } from "../hash.ts";
import type { Bytes, Hash } from "../ports/bytes.ts";
import type { CertificateScheme, SignedKind, Signer, ValidatorSet } from "../ports/signing.ts";
import { bitmapIndexes, bitmapOf, isQuorum, weightOf } from "../quorum.ts";
import { publicKeyHex } from "../validator-index.ts";
import { createValidatorSet } from "../validator-set.ts";

export type KeyedValidators = { set: ValidatorSet; scheme: CertificateScheme; signers: readonly Signer[] };

/** One validator for each weight; `set.members` are sorted by key, and `signers[i]` signs for member i, as in production. */
export function createKeyedValidators(weights: readonly bigint[], o: { seed?: string; genesisHash?: Hash } = {}): KeyedValidators {
  const genesisHash = o.genesisHash ?? ZERO_HASH;
  const secrets = weights.map((_, i) => sha256(utf8(`noema/keyed/${o.seed ?? ""}/${i}`)));
  const keyOf = (secret: Bytes) => concatBytes(sha256(secret), new Uint8Array(16));
  const set = createValidatorSet(
    0,
    weights.map((weight, i) => ({ publicKey: keyOf(secrets[i] as Bytes), weight, feeAddress: new Uint8Array(20).fill(i + 1) })),
  );
  const bySet = [...secrets].sort((a, b) => compareBytes(keyOf(a), keyOf(b)));
  const secretOf = new Map(secrets.map((s) => [id(keyOf(s)), s]));
  const expected = (publicKey: Bytes, kind: SignedKind, body: Bytes) => {
    const secret = secretOf.get(id(publicKey));
    return secret && keyedSignature(secret, kind, genesisHash, body);
  };
  return {
    set,
    scheme: createScheme(expected),
    signers: bySet.map((secret) => ({
      publicKey: publicKeyHex(keyOf(secret)),
      sign: async (kind, body) => keyedSignature(secret, kind, genesisHash, body),
    })),
  };
}

type Expected = (publicKey: Bytes, kind: SignedKind, body: Bytes) => Bytes | undefined;

function createScheme(expected: Expected): CertificateScheme {
  function isGood(publicKey: Bytes, kind: SignedKind, body: Bytes, signature: Bytes): boolean {
    const want = expected(publicKey, kind, body);
    return want !== undefined && equalBytes(want, signature);
  }
  return {
    async aggregate(set, kind, body, votes) {
      const sorted = [...votes].sort((a, b) => a[0] - b[0]);
      const good = sorted.filter(([i, s]) => set.members[i] !== undefined && isGood(set.members[i].publicKey, kind, body, s));
      const indexes = good.map(([i]) => i);
      const bad = sorted.map(([i]) => i).filter((i) => !indexes.includes(i));
      if (!isQuorum(weightOf(set, indexes), set.total)) return { bad };
      return { certificate: { bitmap: bitmapOf(indexes, set.members.length), signature: xor(good.map(([, s]) => s)) }, bad };
    },
    async verify(set, kind, body, certificate) {
      const indexes = bitmapIndexes(certificate.bitmap, set.members.length);
      if (indexes === undefined || !isQuorum(weightOf(set, indexes), set.total)) return false;
      const parts = indexes.map((i) => expected((set.members[i] as { publicKey: Bytes }).publicKey, kind, body));
      return parts.every((p) => p !== undefined) && equalBytes(xor(parts as Bytes[]), certificate.signature);
    },
    verifyOne: async (publicKey, kind, body, signature) => isGood(publicKey, kind, body, signature),
  };
}

/** 96 bytes. */
function keyedSignature(secret: Bytes, kind: SignedKind, genesisHash: Hash, body: Bytes): Bytes {
  const message = signedMessage(kind, genesisHash, body);
  return concatBytes(...[0, 1, 2].map((part) => sha256(secret, message, u64le(part))));
}

function xor(signatures: readonly Bytes[]): Bytes {
  const out = new Uint8Array(96);
  for (const s of signatures) for (let i = 0; i < 96; i++) out[i] = (out[i] as number) ^ (s[i] as number);
  return out;
}

function id(publicKey: Bytes): string {
  return Buffer.from(publicKey).toString("latin1");
}
