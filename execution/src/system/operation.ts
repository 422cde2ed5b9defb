/**
 * What is done to a development chain beside transactions (system-operations.md 2): SSZ, and its hashTreeRoot is its id. `nonce` is
 * random, so that equal operations differ; a body is the SSZ of its kind (kinds.ts).
 */
import { isNoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { ByteListType, ContainerType, decodeSsz, UintBigintType, UintNumberType } from "@noema/core/types/ssz";
import type { SystemInput } from "../api.ts";

/** With nonce, kind and an offset it fits into a batch. */
const MAX_BODY_BYTES = 126_900;

const operationType = new ContainerType(
  { nonce: new UintBigintType(8), kind: new UintNumberType(1), body: new ByteListType(MAX_BODY_BYTES) },
  { typeName: "Operation" },
);
export type Operation = { nonce: bigint; kind: number; body: Bytes };

export function encodeOperation(operation: Operation): Bytes {
  return operationType.serialize(operation);
}

/** Throws SSZ_INVALID. */
export function decodeOperation(data: Bytes): Operation {
  return decodeSsz(operationType, data);
}

/** As a block's input. Bytes that are no operation have their sha256 for an id: a quorum has signed them, so they must have one. */
export function operationInput(data: Bytes): SystemInput {
  try {
    return { source: "dev", id: operationType.hashTreeRoot(decodeOperation(data)), data };
  } catch (error) {
    if (isNoemaError(error, "SSZ_INVALID")) return { source: "dev", id: sha256(data), data };
    throw error;
  }
}
