/** Frames of the data lane (encoding.md 5), u8 type || SSZ, each with its limit. */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import { availabilityCertType, fromSszCert, hash32, toSszCert, uint64 } from "@noema/core/types/availability";
import { ByteVectorType, ContainerType, decodeSsz, ListCompositeType } from "@noema/core/types/ssz";
import { daError } from "../errors.ts";
import { MAX_CERTS_ANSWER } from "../limits.ts";
import { MAX_BATCH_SSZ_BYTES, type PayloadKind } from "./batch.ts";

export const BATCH_FRAME = 1;
export const SIGNATURE_FRAME = 2;
export const CERT_FRAME = 3;
const SYSTEM_FRAME = 4;

/** Type of the frame that carries a batch of each kind. */
export const FRAME_OF: Readonly<Record<PayloadKind, number>> = { batch: BATCH_FRAME, system: SYSTEM_FRAME };

/** The answer to a batch; who signed is known from the authenticated peer. `headerHash` = hashTreeRoot of the AvailabilityHeader. */
export const batchSignatureType = new ContainerType(
  { epoch: uint64, seq: uint64, headerHash: hash32, signature: new ByteVectorType(96) },
  { typeName: "BatchSignature" },
);
export type BatchSignature = { epoch: number; seq: number; headerHash: Bytes; signature: Bytes };

const certListType = new ListCompositeType(availabilityCertType, MAX_CERTS_ANSWER, { typeName: "AvailabilityCerts" });
export const batchRequestType = new ContainerType({ id: hash32 }, { typeName: "BatchRequest" });

const SIGNATURE_BYTES = batchSignatureType.fixedSize as number;
const MAX_CERT_BYTES = availabilityCertType.maxSize;
export const MAX_CERT_LIST_BYTES = certListType.maxSize;

/** Largest frame of each type, without the type byte. */
const FRAME_LIMITS: Readonly<Record<number, number>> = {
  [BATCH_FRAME]: MAX_BATCH_SSZ_BYTES,
  [SIGNATURE_FRAME]: SIGNATURE_BYTES,
  [CERT_FRAME]: MAX_CERT_BYTES,
  [SYSTEM_FRAME]: MAX_BATCH_SSZ_BYTES,
};

/** undefined: the frame carries no batch. */
export function kindOfFrame(type: number): PayloadKind | undefined {
  return type === BATCH_FRAME ? "batch" : type === SYSTEM_FRAME ? "system" : undefined;
}

/** The frame's type, after its length has been checked; throws DA_FRAME_INVALID. */
export function frameType(frame: Bytes): number {
  const type = frame[0] ?? 0;
  const limit = FRAME_LIMITS[type];
  if (limit === undefined) throw daError("DA_FRAME_INVALID", `data frame of unknown type ${type}`);
  if (frame.length - 1 > limit) throw daError("DA_FRAME_INVALID", `data frame ${type} of ${frame.length - 1} bytes, limit ${limit}`);
  return type;
}

export function encodeSignature(signature: BatchSignature): Bytes {
  return concatBytes(Uint8Array.of(SIGNATURE_FRAME), batchSignatureType.serialize(signature));
}

export function decodeSignature(frame: Bytes): BatchSignature {
  return decodeSsz(batchSignatureType, frame.subarray(1)) as BatchSignature;
}

export function encodeCert(cert: AvailabilityCert, type = CERT_FRAME): Bytes {
  return concatBytes(Uint8Array.of(type), availabilityCertType.serialize(toSszCert(cert)));
}

/** Throws SSZ_INVALID, DA_FRAME_INVALID. */
export function decodeCert(frame: Bytes): AvailabilityCert {
  return knownKind(fromSszCert(decodeSsz(availabilityCertType, frame.subarray(1))));
}

export function encodeCerts(certs: readonly AvailabilityCert[]): Bytes {
  return certListType.serialize(certs.slice(0, MAX_CERTS_ANSWER).map(toSszCert));
}

export function decodeCerts(data: Bytes): AvailabilityCert[] {
  return decodeSsz(certListType, data).map((cert) => knownKind(fromSszCert(cert)));
}

function knownKind(cert: AvailabilityCert | undefined): AvailabilityCert {
  if (cert === undefined) throw daError("DA_FRAME_INVALID", "certificate of unknown kind");
  return cert;
}
