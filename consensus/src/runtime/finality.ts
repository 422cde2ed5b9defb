/**
 * What proves to anybody that a block is final: the signed message is sha256(domain ‖ body) with domain = sha256("noema/1/finalize"
 * ‖ genesisHash) and body = u64le epoch ‖ u64le view ‖ block hash; the certificate is one aggregate signature of the members
 * whose bit is set, and more than two thirds of all weight.
 */
import { signedMessage, signingDomain, voteBody } from "@noema/core/crypto/signed-message";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { bitmapIndexes } from "@noema/core/quorum";
import { consensusError } from "../errors.ts";
import type { ChainStore } from "../store/chain-store.ts";
import type { Block, Cert, Header, VoteKind } from "../types.ts";

/** A certificate with everything needed to verify it. */
export type CertificateProof = {
  kind: VoteKind;
  epoch: number;
  view: number;
  /** Hash of the header that it certifies. */
  hash: Hash;
  /** Bit i in byte i >> 3, mask 1 << (i & 7), over `members`. */
  bitmap: Bytes;
  /** 96 bytes, compressed G2. */
  signature: Bytes;
  /** sha256("noema/1/<kind>" ‖ genesisHash) */
  domain: Hash;
  /** u64le epoch ‖ u64le view ‖ hash */
  body: Bytes;
  /** sha256(domain ‖ body): what was signed. */
  message: Hash;
  signers: number[];
  /** The epoch's validators in order of the bitmap; keys are compressed G1, 48 bytes. */
  members: readonly { publicKey: Bytes; weight: bigint }[];
};

export type Finality = {
  height: Height;
  headerHash: Hash;
  header: Header;
  /** Over this very block, or over `path`'s last header when the block became final through a descendant. */
  certificate: CertificateProof;
  /** Headers after this one up to the certified one, each naming the one before as its parent; empty when certified itself. */
  path: Header[];
  /** Over this block, where one is held. */
  notarization?: CertificateProof;
};

export type FinalityDeps = { store: ChainStore; genesisHash: Hash; setOf(epoch: number): ValidatorSet | undefined };

/** Throws CONSENSUS_NOT_FINAL. */
export function finalityOf(deps: FinalityDeps, height: Height): Finality {
  const { store } = deps;
  const found = store.finalizedFrom(height);
  const block = store.block(height);
  if (found === undefined || block === undefined || (found.height > height && height < store.oldest()))
    throw consensusError("CONSENSUS_NOT_FINAL", `height ${height} where ${store.oldest()} to ${store.tip()} are kept`, {
      height,
      tip: store.tip(),
    });
  const path: Header[] = [];
  for (let above = height + 1; above <= found.height; above++) path.push((store.block(above) as Block).header);
  const { notarization } = store.certificates(height);
  return {
    height,
    headerHash: block.hash,
    header: block.header,
    certificate: proofOf(deps, found.cert),
    path,
    notarization: notarization && proofOf(deps, notarization),
  };
}

function proofOf({ setOf, genesisHash }: FinalityDeps, cert: Cert): CertificateProof {
  const set = setOf(cert.epoch);
  if (set === undefined || cert.hash === undefined)
    throw consensusError("CONSENSUS_STORE_CORRUPT", `certificate of epoch ${cert.epoch} whose validators are not known`);
  const body = voteBody(cert.epoch, cert.view, cert.hash);
  return {
    ...cert,
    hash: cert.hash,
    domain: signingDomain(cert.kind, genesisHash),
    body,
    message: signedMessage(cert.kind, genesisHash, body),
    signers: bitmapIndexes(cert.bitmap, set.members.length) ?? [],
    members: set.members.map(({ publicKey, weight }) => ({ publicKey, weight })),
  };
}
