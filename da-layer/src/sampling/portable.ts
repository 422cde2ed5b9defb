/**
 * What da.md and encoding.md hash, written so that it runs in a browser: SSZ of a blob's meta, the root of an availability header, the
 * id, the body that its signers signed. Held equal to the encodings that nodes use by encodings.test.ts.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { AvailabilityHeader } from "@noema/core/ports/data";
import type { SignedKind } from "@noema/core/ports/signing";
import type { BlobMeta } from "../blob/object.ts";

const HASH_BYTES = 32;
/** Of the meta's fixed part: nine uint64 less one for the namespace's offset, which has 4 bytes, and the publisher's account. */
const META_FIXED_BYTES = 88;

function u64le(value: number | bigint): Bytes {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value), true);
  return out;
}

function u32(value: number, littleEndian: boolean): Bytes {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value, littleEndian);
  return out;
}

const ascii = (text: string) => new TextEncoder().encode(text);

function metaBytes(meta: BlobMeta): Bytes {
  const { version, chainId, namespace, publisher, nonce, epoch, R, N, payloadLen, expiry } = meta;
  return concatBytes(
    ...[version, chainId].map(u64le),
    u32(META_FIXED_BYTES, true),
    publisher,
    ...[nonce, epoch, R, N, payloadLen, expiry].map(u64le),
    namespace,
  );
}

/** da.md 2. */
export function portableBlobId(meta: BlobMeta, rowsRoot: Hash, commitments: readonly Bytes[]): Hash {
  const parts = [ascii("noema/blob/1"), metaBytes(meta), rowsRoot, ...commitments];
  return sha256(concatBytes(...parts.flatMap((part) => [u32(part.length, false), part])));
}

/** hashTreeRoot: eight fields are a full tree. */
function headerRoot(header: AvailabilityHeader): Hash {
  const { epoch, publisher, seq, refHeight, bytes, gasLimitSum, expiry, id } = header;
  let level = [...[epoch, publisher, seq, refHeight, bytes, gasLimitSum, expiry].map(u64le), id].map((leaf) => {
    const padded = new Uint8Array(HASH_BYTES);
    padded.set(leaf);
    return padded;
  });
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, i) => sha256(concatBytes(level[2 * i]!, level[2 * i + 1]!)));
  return level[0]!;
}

/** What signers of an availability certificate sign (encoding.md 2). */
export function portableBody(header: AvailabilityHeader): Bytes {
  return concatBytes(u64le(header.epoch), headerRoot(header));
}

export function portableMessage(kind: SignedKind, genesisHash: Hash, body: Bytes): Hash {
  return sha256(concatBytes(sha256(concatBytes(ascii(`noema/1/${kind}`), genesisHash)), body));
}

export function sameBytes(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
