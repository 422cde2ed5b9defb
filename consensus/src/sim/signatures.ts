/**
 * Signatures of a run. By default a keyed hash (the "aggregate" is the hash of the sorted signatures), which behaves like the real
 * scheme: bound to key, kind and body, a bad share spoils an aggregate, bisection names it. Some seeds use real BLS.
 */
import { compareBytes, concatBytes, toHex, u64le, utf8 } from "@noema/core/bytes";
import { sign as blsSign, publicKeyOf, secretKeyFromSeed } from "@noema/core/crypto/bls";
import { createCertificateScheme } from "@noema/core/crypto/certificate-scheme";
import { signedMessage, voteBody } from "@noema/core/crypto/signed-message";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Certificate, ValidatorSet } from "@noema/core/ports/signing";
import { bitmapIndexes, bitmapOf, isQuorum, weightOf } from "@noema/core/quorum";
import { createValidatorSet } from "@noema/core/validator-set";
import type { Cert, UnsignedVote } from "../types.ts";

type Aggregated = { certificate?: Certificate; bad: number[] };
export type Signatures = {
  set: ValidatorSet;
  sign(signer: number, vote: UnsignedVote): Bytes;
  aggregate(vote: UnsignedVote, votes: ReadonlyMap<number, Bytes>): Aggregated | Promise<Aggregated>;
  verify(cert: Cert): boolean | Promise<boolean>;
  /** 96 bytes, unique for (signer, epoch, view). */
  reveal(signer: number, epoch: number, view: number): Bytes;
};

function body(vote: UnsignedVote): Bytes {
  return voteBody(vote.epoch, vote.view, vote.hash);
}

export function keyedHashes(weights: readonly bigint[], byCount: boolean): Signatures {
  const members = weights.map((weight, i) => ({
    publicKey: concatBytes(u64le(i).reverse(), new Uint8Array(40)),
    weight,
    feeAddress: new Uint8Array(20),
  }));
  const set = createValidatorSet(0, members);
  const keys = weights.map((_, i) => sha256(utf8(`key ${i}`)));
  const raw = (signer: number, kind: string, data: Bytes) => sha256(keys[signer] as Bytes, utf8(kind), data);
  const combine = (kind: string, data: Bytes, signers: readonly number[]) => sha256(...signers.map((i) => raw(i, kind, data)), utf8("sum"));
  const enough = (signers: readonly number[]) =>
    byCount ? 3 * signers.length > 2 * weights.length : isQuorum(weightOf(set, signers), set.total);
  const known = new Map<string, boolean>();
  return {
    set,
    sign: (signer, vote) => raw(signer, vote.kind, body(vote)),
    aggregate(vote, votes) {
      const data = body(vote);
      const good: number[] = [];
      const bad: number[] = [];
      for (const signer of [...votes.keys()].sort((a, b) => a - b))
        (toHex(raw(signer, vote.kind, data)) === toHex(votes.get(signer) as Bytes) ? good : bad).push(signer);
      if (!enough(good)) return { bad };
      return { bad, certificate: { bitmap: bitmapOf(good, weights.length), signature: combine(vote.kind, data, good) } };
    },
    verify(cert) {
      const key = `${cert.kind}${cert.epoch}/${cert.view}/${cert.hash ? toHex(cert.hash) : ""}/${toHex(cert.bitmap)}/${toHex(cert.signature)}`;
      let good = known.get(key);
      if (good === undefined) {
        const signers = bitmapIndexes(cert.bitmap, weights.length);
        good = signers !== undefined && enough(signers) && toHex(combine(cert.kind, body(cert), signers)) === toHex(cert.signature);
        known.set(key, good);
      }
      return good;
    },
    reveal: (signer, epoch, view) => {
      const hash = raw(signer, "randao", concatBytes(u64le(epoch), u64le(view)));
      return concatBytes(hash, hash, hash);
    },
  };
}

export function realBls(weights: readonly bigint[], genesisHash: Hash): Signatures {
  // The set is sorted by key: so are the secrets, and weight i stays that of validator i.
  const ordered = weights
    .map((_, i) => secretKeyFromSeed(sha256(utf8(`bls key ${i}`))))
    .sort((a, b) => compareBytes(publicKeyOf(a), publicKeyOf(b)));
  const set = createValidatorSet(
    0,
    ordered.map((secret, i) => ({ publicKey: publicKeyOf(secret), weight: weights[i] as bigint, feeAddress: new Uint8Array(20) })),
  );
  const scheme = createCertificateScheme(genesisHash);
  return {
    set,
    sign: (signer, vote) => blsSign(ordered[signer] as Bytes, signedMessage(vote.kind, genesisHash, body(vote))),
    aggregate: (vote, votes) => scheme.aggregate(set, vote.kind, body(vote), votes),
    verify: (cert) => scheme.verify(set, cert.kind, body(cert), cert),
    reveal: (signer, epoch, view) => blsSign(ordered[signer] as Bytes, signedMessage("randao", genesisHash, voteBody(epoch, view))),
  };
}
