/** SSZ with the fast hasher; a type's hash is its hashTreeRoot. Import the library from here, so that the hasher is always set. */
import { setHasher } from "@chainsafe/persistent-merkle-tree";
import { hasher } from "@chainsafe/persistent-merkle-tree/hasher/hashtree";
import { coreError } from "../errors.ts";
import type { Bytes } from "../ports/bytes.ts";

setHasher(hasher);

export {
  BooleanType,
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListBasicType,
  ListCompositeType,
  OptionalType,
  type Type,
  UintBigintType,
  UintNumberType,
  UnionType,
} from "@chainsafe/ssz";

type Decodable<T> = { deserialize(data: Uint8Array): T; typeName: string };

/** Decodes bytes from outside, at most the `maxSize` that the type can have; throws SSZ_INVALID. */
export function decodeBounded<T>(type: Decodable<T> & { maxSize: number }, data: Bytes): T {
  if (data.length > type.maxSize)
    throw coreError("SSZ_INVALID", `${data.length} bytes where a ${type.typeName} has at most ${type.maxSize}`);
  return decodeSsz(type, data);
}

/** Decodes bytes from outside; throws SSZ_INVALID. The caller has bounded the length. */
export function decodeSsz<T>(type: Decodable<T>, data: Bytes): T {
  try {
    return type.deserialize(data);
  } catch (error) {
    throw coreError("SSZ_INVALID", `${data.length} bytes are not a ${type.typeName}: ${error instanceof Error ? error.message : error}`);
  }
}
