/** A certificate over a block as it lies under the block's height: neither its kind, which the table says, nor the hash, which stands with the block. */

import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { uint64 } from "@noema/core/types/availability";
import { ByteListType, ByteVectorType, ContainerType } from "@noema/core/types/ssz";
import type { Cert } from "../types.ts";
import { MAX_BITMAP } from "../wire/cert.ts";

const storedCertType = new ContainerType(
  { epoch: uint64, view: uint64, bitmap: new ByteListType(MAX_BITMAP), signature: new ByteVectorType(96) },
  { typeName: "StoredCert" },
);

export function packCert({ epoch, view, bitmap, signature }: Cert): Bytes {
  return storedCertType.serialize({ epoch, view, bitmap, signature });
}

export function unpackCert(stored: Bytes, kind: "notarize" | "finalize", hash: Hash): Cert {
  return { kind, hash, ...storedCertType.deserialize(stored) };
}
