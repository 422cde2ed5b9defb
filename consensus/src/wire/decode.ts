import { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { decodeSsz } from "@noema/core/types/ssz";

type Decodable<T> = { deserialize(data: Uint8Array): T; typeName: string; maxSize: number };

/**
 * Decodes bytes from outside: at most `type.maxSize` of them, and every uint64 that we hold as a number is exact
 * (the library rounds above 2^53, so two encodings could become one value). Throws SSZ_INVALID.
 */
export function decodeExact<T>(type: Decodable<T>, data: Bytes): T {
  if (data.length > type.maxSize)
    throw new NoemaError("SSZ_INVALID", `${data.length} bytes where a ${type.typeName} has at most ${type.maxSize}`);
  const value = decodeSsz(type, data);
  if (!isExact(value)) throw new NoemaError("SSZ_INVALID", `a ${type.typeName} with an integer above 2^53 - 1`);
  return value;
}

function isExact(value: unknown): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return true;
  return Object.values(value).every(isExact);
}
