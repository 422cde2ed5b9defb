/** A light client's check of what a node says of an object: it is the id's, and more than 2/3 of the stake of its epoch signed it. */
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import type { CertificateScheme, ValidatorSet } from "@noema/core/ports/signing";
import { maxSlots } from "../blob/code-points.ts";
import { ROW_BYTES, rowCount } from "../blob/elements.ts";
import type { BlobMeta } from "../blob/object.ts";
import { totalSlots } from "../blob/shares.ts";
import { daError } from "../errors.ts";
import { portableBlobId, portableBody, sameBytes } from "./portable.ts";

/** What is known of the chain before anything is asked: genesis.json says it, or nodes that one trusts. */
export type TrustedChain = {
  chainId: number;
  genesisHash: Hash;
  /** undefined: not known. */
  validatorSetOf(epoch: number): ValidatorSet | undefined;
};

/** As a node says it. `holders`: the validator of each slot, where it knows; nothing is proven by it. */
export type ObjectFacts = {
  meta: BlobMeta;
  rowsRoot: Hash;
  commitments: readonly Bytes[];
  cert?: AvailabilityCert;
  height?: Height;
  holders?: readonly number[];
};

/** Throws DA_OBJECT_INVALID, DA_CERT_INVALID, and DA_UNCERTIFIED where nothing was certified yet. */
export async function checkCertified(
  facts: ObjectFacts,
  id: Hash,
  chain: TrustedChain,
  scheme: Pick<CertificateScheme, "verify">,
): Promise<void> {
  const { meta, rowsRoot, commitments, cert } = facts;
  const set = chain.validatorSetOf(meta.epoch);
  if (set === undefined) throw daError("DA_CERT_INVALID", `the validators of epoch ${meta.epoch} are not known here`);
  refuseUnless("DA_OBJECT_INVALID", [
    [sameBytes(portableBlobId(meta, rowsRoot, commitments), id), "what describes it does not hash to the id"],
    [meta.chainId === chain.chainId, `chain id ${meta.chainId}`],
    [meta.R === rowCount(meta.payloadLen), `R ${meta.R} for ${meta.payloadLen} bytes`],
    [commitments.length === meta.R, `${commitments.length} commitments for R ${meta.R}`],
    [meta.N === totalSlots(set, meta.R) && meta.N <= maxSlots(meta.R), `N ${meta.N}, the shares of stake make ${totalSlots(set, meta.R)}`],
  ]);
  if (cert === undefined) throw daError("DA_UNCERTIFIED", "the object has no availability certificate");
  const { header } = cert;
  refuseUnless("DA_CERT_INVALID", [
    [cert.kind === "blob" && sameBytes(header.id, id), "it is of another id"],
    [header.epoch === meta.epoch && header.expiry === meta.expiry && header.seq === meta.nonce, "meta and header differ"],
    [header.bytes === meta.N * ROW_BYTES && header.gasLimitSum === 0n, `${header.bytes} encoded bytes`],
    [sameBytes(set.members[header.publisher]?.feeAddress ?? new Uint8Array(0), meta.publisher), "the publisher's account is not its own"],
    [await scheme.verify(set, "blob", portableBody(header), cert.certificate), "no more than 2/3 of the stake signed it"],
  ]);
}

function refuseUnless(code: "DA_OBJECT_INVALID" | "DA_CERT_INVALID", rules: readonly [boolean, string][]): void {
  for (const [ok, why] of rules) if (!ok) throw daError(code, why);
}
