import { u64le, utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { AvailabilityCert, AvailabilityHeader } from "@noema/core/ports/data";
import type { CertificateScheme, Signer, ValidatorSet } from "@noema/core/ports/signing";
import { availabilityBody } from "@noema/core/types/availability";
import { indexOf } from "@noema/core/validator-index";

type Signing = { set: ValidatorSet; scheme: CertificateScheme; signers: readonly Signer[] };

/** A batch certificate that all validators signed. */
export async function availabilityCert(
  { set, scheme, signers }: Signing,
  seq: number,
  publisher = 0,
  fields: Partial<AvailabilityHeader> = {},
): Promise<AvailabilityCert> {
  const id = sha256(utf8("batch"), u64le(publisher), u64le(seq));
  const header = { epoch: 0, publisher, seq, refHeight: 0, bytes: 1000, gasLimitSum: 21_000n, expiry: 0, id, ...fields };
  const body = availabilityBody(header);
  const votes = new Map<number, Uint8Array>();
  for (const signer of signers) votes.set(indexOf(set, signer.publicKey) as number, await signer.sign("batch", body));
  const { certificate } = await scheme.aggregate(set, "batch", body, votes);
  if (certificate === undefined) throw new Error("no quorum");
  return { kind: "batch", header, certificate };
}
