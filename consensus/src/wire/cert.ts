/** Cert (consensus.md 2.1): as a vote, with the signers' bitmap and one signature. */
import type { ValueOf } from "@chainsafe/ssz";
import { hash32, uint64 } from "@noema/core/types/availability";
import { ByteListType, ByteVectorType, ContainerType, ListCompositeType, UintNumberType } from "@noema/core/types/ssz";
import type { Cert } from "../types.ts";
import { message } from "./message.ts";
import { fromRawVote, toRawVote } from "./vote.ts";

/** ceil(200 / 8) */
export const MAX_BITMAP = 25;

export const certType = new ContainerType(
  {
    kind: new UintNumberType(1),
    epoch: uint64,
    view: uint64,
    hash: hash32,
    bitmap: new ByteListType(MAX_BITMAP),
    signature: new ByteVectorType(96),
  },
  { typeName: "Cert" },
);
type CertSsz = ValueOf<typeof certType>;

export const toCert = (cert: Cert): CertSsz => ({ ...toRawVote(cert), bitmap: cert.bitmap, signature: cert.signature });
export const fromCert = (raw: CertSsz): Cert => ({ ...fromRawVote(raw), bitmap: raw.bitmap, signature: raw.signature });

export const optionalCertType = new ListCompositeType(certType, 1, { typeName: "OptionalCert" });
export const toOptionalCert = (cert: Cert | undefined): CertSsz[] => (cert === undefined ? [] : [toCert(cert)]);
export const fromOptionalCert = ([raw]: readonly CertSsz[]): Cert | undefined => raw && fromCert(raw);

type CertMessage = { type: "Cert"; cert: Cert };
export const certMessage = message<CertMessage, CertSsz>(
  "Cert",
  2,
  certType,
  ({ cert }) => toCert(cert),
  (raw) => ({ cert: fromCert(raw) }),
);
