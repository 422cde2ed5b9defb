/** Certificates by view: the question and its answer (consensus.md 2.1). */
import type { ValueOf } from "@chainsafe/ssz";
import { uint64 } from "@noema/core/types/availability";
import { ContainerType, ListCompositeType } from "@noema/core/types/ssz";
import { type Cert, LIMITS } from "../types.ts";
import { certType, fromCert, toCert } from "./cert.ts";
import { message } from "./message.ts";

/** Certificates held for views from..to (inclusive) of an epoch. Answer: Certs. */
type GetCerts = { type: "GetCerts"; epoch: number; from: number; to: number };
const getCertsType = new ContainerType({ epoch: uint64, from: uint64, to: uint64 }, { typeName: "GetCerts" });
export const getCertsMessage = message<GetCerts, ValueOf<typeof getCertsType>>(
  "GetCerts",
  9,
  getCertsType,
  (x) => x,
  (raw) => raw,
);

type Certs = { type: "Certs"; certs: Cert[] };
export const certsAnswerType = new ListCompositeType(certType, LIMITS.certViews * 3, { typeName: "CertsAnswer" }); // N, X and F a view
export const certsMessage = message<Certs, ValueOf<typeof certsAnswerType>>(
  "Certs",
  5,
  certsAnswerType,
  ({ certs }) => certs.map(toCert),
  (raw) => ({ certs: raw.map(fromCert) }),
);
