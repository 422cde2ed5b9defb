import type { Bytes, Hash } from "./bytes.ts";

declare const keyed: unique symbol;
/** A validator's public key (48 bytes, compressed) in lower-case hex without 0x: the one form in which a key names a node or keys a map. */
export type PublicKeyHex = string & { readonly [keyed]: true };
export type Validator = { publicKey: Bytes; weight: bigint; feeAddress: Bytes };
/** Members sorted by compressed public key; a bitmap's bit i is member i. */
export type ValidatorSet = { epoch: number; members: readonly Validator[]; total: bigint; hash: Hash };
/** Bitmap of ceil(n / 8) bytes, trailing bits zero; 96-byte compressed aggregate signature. */
export type Certificate = { bitmap: Bytes; signature: Bytes };

/** Kinds of signed message (encoding.md 2). */
export type SignedKind =
  | "notarize"
  | "nullify"
  | "finalize"
  | "randao"
  | "batch"
  | "blob"
  | "seal"
  | "system"
  | "pop"
  | "peer"
  | "alive"
  | "model-active"
  | "oracle";

/** Holds one validator's key. The caller lets no signature leave before the record of what it signs is durable. */
export interface Signer {
  readonly publicKey: PublicKeyHex;
  /** 96 bytes, compressed. */
  sign(kind: SignedKind, body: Bytes): Promise<Bytes>;
}

export interface CertificateScheme {
  /** Aggregates unverified votes and checks once; on failure bisects and names the bad signers.
   *  `certificate` is present when the good votes alone reach a quorum. */
  aggregate(
    set: ValidatorSet,
    kind: SignedKind,
    body: Bytes,
    votes: ReadonlyMap<number, Bytes>,
  ): Promise<{ certificate?: Certificate; bad: number[] }>;
  /** Weight and signature. */
  verify(set: ValidatorSet, kind: SignedKind, body: Bytes, certificate: Certificate): Promise<boolean>;
  verifyOne(publicKey: Bytes, kind: SignedKind, body: Bytes, signature: Bytes): Promise<boolean>;
}
