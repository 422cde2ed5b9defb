import { coreError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { decodeSsz } from "@noema/core/types/ssz";

type Decodable<T> = { deserialize(data: Uint8Array): T; typeName: string; maxSize: number };

/** Decodes bytes from outside, at most the `maxSize` that the type can have; throws SSZ_INVALID. */
export function decodeBounded<T>(type: Decodable<T>, data: Bytes): T {
  if (data.length > type.maxSize)
    throw coreError("SSZ_INVALID", `${data.length} bytes where a ${type.typeName} has at most ${type.maxSize}`);
  return decodeSsz(type, data);
}
