/** Kind 9: bytes for an operation that comes behind it (staging.ts). */
import type { Bytes } from "@noema/core/ports/bytes";
import { ByteListType, ContainerType, decodeSsz } from "@noema/core/types/ssz";

/** With its operation it fits into a batch. */
export const MAX_CHUNK_BYTES = 126_800;

const chunkType = new ContainerType({ data: new ByteListType(MAX_CHUNK_BYTES) }, { typeName: "ChunkOperation" });

export function encodeChunk(data: Bytes): Bytes {
  return chunkType.serialize({ data });
}

/** Throws SSZ_INVALID. */
export function decodeChunk(body: Bytes): Bytes {
  return decodeSsz(chunkType, body).data;
}
