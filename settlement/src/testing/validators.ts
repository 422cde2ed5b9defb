/** A set with its keys, and what it signs. */

import { blockNumber } from "@noema/core/block-number";
import { utf8 } from "@noema/core/bytes";
import { aggregateSignatures, publicKeyOf, secretKeyFromSeed, sign } from "@noema/core/crypto/bls";
import { signedMessage, voteBody } from "@noema/core/crypto/signed-message";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Certificate, SignedKind, ValidatorSet } from "@noema/core/ports/signing";
import { bitmapOf } from "@noema/core/quorum";
import { headerType } from "@noema/core/types/header";
import { createValidatorSet } from "@noema/core/validator-set";

export const GENESIS_HASH: Hash = sha256(utf8("an L2 in a test"));
export type Keyed = { set: ValidatorSet; secrets: readonly Bytes[] };
export type Header = ReturnType<typeof headerType.defaultValue>;

/** @param weights a validator each */
export function createKeyed(weights: readonly bigint[], salt = "", epoch = 0): Keyed {
  const made = weights.map((weight, i) => {
    const secret = secretKeyFromSeed(sha256(utf8(`validator ${i} ${salt}`)));
    return { secret, validator: { publicKey: publicKeyOf(secret), weight, feeAddress: new Uint8Array(20).fill(i + 1) } };
  });
  const set = createValidatorSet(
    epoch,
    made.map((x) => x.validator),
  );
  const secretOf = (key: Bytes) => made.find((x) => x.validator.publicKey === key)?.secret as Bytes;
  return { set, secrets: set.members.map((x) => secretOf(x.publicKey)) };
}

/** By these members, over a message of any kind. */
export function certify(
  { set, secrets }: Keyed,
  signers: readonly number[],
  kind: SignedKind,
  body: Bytes,
  chain = GENESIS_HASH,
): Certificate {
  const message = signedMessage(kind, chain, body);
  const signatures = signers.map((i) => sign(secrets[i] as Bytes, message));
  return { bitmap: bitmapOf(signers, set.members.length), signature: aggregateSignatures(signatures) };
}

/** A header of this height whose fields are all different, with `fields` in it. */
export function headerAt(height: number, set: ValidatorSet, fields: Partial<Header> = {}): { header: Header; ssz: Bytes; hash: Hash } {
  const filled = (name: string) => sha256(utf8(`${name} ${height}`));
  const header: Header = {
    ...headerType.defaultValue(),
    epoch: 0,
    view: height + 3,
    height,
    parentHash: filled("parent"),
    timestampMs: 1_800_000_000_000 + height,
    proposer: height % set.members.length,
    randaoReveal: new Uint8Array(96).fill(height),
    certsRoot: filled("certs"),
    evidenceRoot: filled("evidence"),
    sealRoot: filled("seals"),
    depositsRoot: filled("deposits"),
    l1Origin: { number: 7 + height, hash: filled("origin") },
    payloadBytes: 126_000,
    blobBytes: 8_388_608,
    gasLimitSum: 2n ** 63n + 5n,
    exec: {
      height: Math.max(0, height - 3),
      evmBlockHash: filled("block"),
      stateRoot: filled("state"),
      receiptsRoot: filled("receipts"),
      gasUsed: 2n ** 63n + 1n,
      skippedRoot: filled("skipped"),
      number: blockNumber(height),
      systemRoot: filled("system"),
    },
    validatorSetHash: set.hash,
    nextValidatorSetHash: set.hash,
    ...fields,
  };
  return { header, ssz: headerType.serialize(header), hash: headerType.hashTreeRoot(header) };
}

export const finalizeBody = (epoch: number, view: number, hash: Hash): Bytes => voteBody(epoch, view, hash);
