import { idBody } from "../crypto/signed-message.ts";
import type { Bytes, Hash } from "../ports/bytes.ts";
import type { AvailabilityCert, AvailabilityHeader, AvailabilityKind } from "../ports/data.ts";
import { MAX_VALIDATORS } from "../quorum.ts";
import { ByteListType, ByteVectorType, ContainerType, UintBigintType, UintNumberType } from "./ssz.ts";

/** A uint64 that we hold as a number: more than 2^53 - 1 from outside is refused, not rounded. */
class SafeUint64Type extends UintNumberType {
  override value_deserializeFromBytes(...parameters: Parameters<UintNumberType["value_deserializeFromBytes"]>): number {
    const value = super.value_deserializeFromBytes(...parameters);
    if (!Number.isSafeInteger(value)) throw new Error(`integer ${value} is above 2^53 - 1`);
    return value;
  }
}

export const uint64 = new SafeUint64Type(8);
export const hash32 = new ByteVectorType(32);

export const certificateType = new ContainerType(
  { bitmap: new ByteListType(Math.ceil(MAX_VALIDATORS / 8)), signature: new ByteVectorType(96) },
  { typeName: "Certificate" },
);

/** One header for all kinds; what does not apply is 0. */
export const availabilityHeaderType = new ContainerType(
  {
    epoch: uint64,
    publisher: uint64,
    seq: uint64,
    refHeight: uint64,
    bytes: uint64,
    gasLimitSum: new UintBigintType(8),
    expiry: uint64,
    id: hash32,
  },
  { typeName: "AvailabilityHeader" },
);

const KINDS: readonly AvailabilityKind[] = ["batch", "blob", "seal", "system"];

export const availabilityCertType = new ContainerType(
  { kind: new UintNumberType(1), header: availabilityHeaderType, certificate: certificateType },
  { typeName: "AvailabilityCert" },
);
/** An AvailabilityCert as SSZ holds it: `kind` is 0 batch, 1 blob, 2 seal, 3 system. */
export type AvailabilityCertSsz = { kind: number; header: AvailabilityHeader; certificate: { bitmap: Bytes; signature: Bytes } };

export function toSszCert(cert: AvailabilityCert): AvailabilityCertSsz {
  return { ...cert, kind: KINDS.indexOf(cert.kind) };
}

/** undefined for an unknown kind. */
export function fromSszCert(cert: AvailabilityCertSsz): AvailabilityCert | undefined {
  const kind = KINDS[cert.kind];
  return kind && { ...cert, kind };
}

/** The body that signers of an availability certificate sign. */
export function availabilityBody(header: AvailabilityHeader): Bytes {
  return idBody(header.epoch, availabilityHeaderHash(header));
}

/** Roots are asked for like fields, of the same objects again and again: a header is not changed once it is made. */
const headerHashes = new WeakMap<AvailabilityHeader, Hash>();

export function availabilityHeaderHash(header: AvailabilityHeader): Hash {
  let hash = headerHashes.get(header);
  if (hash === undefined) {
    hash = availabilityHeaderType.hashTreeRoot(header);
    headerHashes.set(header, hash);
  }
  return hash;
}
