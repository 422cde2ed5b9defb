/** Status: where a node stands, with the certificates that prove it (consensus.md 2.1). */
import type { ValueOf } from "@chainsafe/ssz";
import { uint64 } from "@noema/core/types/availability";
import { ContainerType } from "@noema/core/types/ssz";
import type { Cert } from "../types.ts";
import { fromOptionalCert, optionalCertType, toOptionalCert } from "./cert.ts";
import { message } from "./message.ts";

/** `entry` opened `view` (absent in view 1), `finalized` is the newest F (absent before the first). `nonce` echoes a GetStatus, else 0. */
export type Status = { epoch: number; view: number; finalized?: Cert; entry?: Cert; nonce: number };

export const statusType = new ContainerType(
  { epoch: uint64, view: uint64, finalized: optionalCertType, entry: optionalCertType, nonce: uint64 },
  { typeName: "Status" },
);
type StatusSsz = ValueOf<typeof statusType>;

export function toStatus({ epoch, view, finalized, entry, nonce }: Status): StatusSsz {
  return { epoch, view, finalized: toOptionalCert(finalized), entry: toOptionalCert(entry), nonce };
}

export function fromStatus({ epoch, view, finalized, entry, nonce }: StatusSsz): Status {
  return { epoch, view, finalized: fromOptionalCert(finalized), entry: fromOptionalCert(entry), nonce };
}

type StatusMessage = { type: "Status"; status: Status };
export const statusMessage = message<StatusMessage, StatusSsz>(
  "Status",
  4,
  statusType,
  ({ status }) => toStatus(status),
  (raw) => ({ status: fromStatus(raw) }),
);

/** Answer: Status with this nonce (> 0). */
type GetStatus = { type: "GetStatus"; nonce: number };
export const getStatusMessage = message<GetStatus, { nonce: number }>(
  "GetStatus",
  11,
  new ContainerType({ nonce: uint64 }, { typeName: "GetStatus" }),
  (x) => x,
  (raw) => raw,
);
