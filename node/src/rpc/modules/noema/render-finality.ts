/** A finality record as JSON that a script with a BLS library and sha256 can check without asking anything else. */
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { Validator } from "@noema/core/ports/signing";
import { bitmapIndexes, weightOf } from "@noema/core/quorum";
import type { FinalityRecord } from "../../deps.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { DATA, HASH, INTEGER, list, members, QUANTITY, TEXT } from "../../json-rpc/schema.ts";
import { stateRootProof } from "./state-root-proof.ts";

/** With the block that was asked for. */
export const FINALITY = members({
  number: QUANTITY,
  height: QUANTITY,
  blockHash: HASH,
  stateRoot: HASH,
  genesisHash: HASH,
  header: { type: "object" },
  headerHash: HASH,
  stateRootProof: members({ leaf: HASH, index: QUANTITY, branch: list(HASH) }),
  certificate: members({ kind: TEXT, epoch: QUANTITY, view: QUANTITY, hash: HASH, bitmap: DATA, signature: DATA }),
  publicKeys: list(DATA),
  weights: list(QUANTITY),
  signers: list(members({ index: INTEGER, publicKey: DATA, weight: QUANTITY })),
  signedWeight: QUANTITY,
  totalWeight: QUANTITY,
});

/** Quantities and bytes as hex, members in the order of the SSZ container. */
export function renderValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return to0x(value);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, x]) => [name, renderValue(x)]));
  return quantityHex(value as number | bigint);
}

export function renderFinality(record: FinalityRecord, genesisHash: Hash): Record<string, unknown> {
  const { header, hash, certificate, validators } = record;
  const indexes = bitmapIndexes(certificate.bitmap, validators.members.length) ?? [];
  const proof = stateRootProof(header);
  const signers = indexes.map((index) => {
    const member = validators.members[index] as Validator;
    return { index, publicKey: to0x(member.publicKey), weight: quantityHex(member.weight) };
  });
  return {
    genesisHash: to0x(genesisHash),
    header: renderValue(header),
    headerHash: to0x(hash),
    stateRootProof: { leaf: to0x(proof.leaf), index: quantityHex(proof.index), branch: proof.branch.map(to0x) },
    certificate: {
      kind: "finalize",
      epoch: quantityHex(certificate.epoch),
      view: quantityHex(certificate.view),
      hash: to0x(hash),
      bitmap: to0x(certificate.bitmap),
      signature: to0x(certificate.signature),
    },
    publicKeys: validators.members.map((m) => to0x(m.publicKey)),
    weights: validators.members.map((m) => quantityHex(m.weight)),
    signers,
    signedWeight: quantityHex(weightOf(validators, indexes)),
    totalWeight: quantityHex(validators.total),
  };
}
