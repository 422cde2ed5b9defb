/**
 * A stream of any length becomes objects and a manifest over them; what fits one object is that object (docs/protocol/files.md 2). Runs in
 * Node and in browsers.
 */
import { ZERO_HASH } from "@noema/core/bytes";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import { daError } from "../errors.ts";
import { mapInOrder } from "./in-order.ts";
import { DEFAULT_TYPE, encodeManifest, isManifest, type Manifest, type Piece, piecesPerManifest } from "./manifest.ts";
import { cutPieces, peek } from "./pieces.ts";

/** Where objects go. */
export type ObjectSink = {
  /** Most of one object. */
  objectBytes: number;
  /** Resolves when the object is kept; `told` hears its id as soon as it is known. */
  publish(payload: Bytes, told?: (id: Hash) => void): Promise<Published>;
  /** The platform's fastest: a node hashes on the thread that votes. */
  sha256(): Digest;
};
export type Digest = { update(bytes: Bytes): unknown; digest(): Bytes };
export type Published = { id: Hash; height?: Height };

/** What a manifest says beside its pieces. A file without name and type needs none where it fits one object. */
export type FileFacts = { kind?: "file" | "directory"; name?: string; contentType?: string };

/** So far. `id`: the file's own, once it is known, before its last object is kept. */
export type WriteProgress = { objects: number; bytes: number; id?: Hash };
/** `sha256`: of all bytes, as the manifest has it where there is one. */
export type Written = Published & { objects: number; bytes: number; sha256: Hash };

/** At most so many objects of a file are on their way: each is a publication with its extended rows, 17 MB. */
const WINDOW = 3;

/** Throws what the sink throws; DA_TOO_LARGE above two levels of manifests, DA_MANIFEST_INVALID where a fact breaks its form. */
export async function writeFile(
  sink: ObjectSink,
  data: AsyncIterable<Bytes>,
  facts: FileFacts = {},
  onProgress: (progress: WriteProgress) => void = () => {},
): Promise<Written> {
  const digest = sink.sha256();
  const entries: Piece[] = [];
  let bytes = 0;
  let objects = 0;
  const publishLast = async (payload: Bytes, sha256: Hash): Promise<Written> => {
    const published = await sink.publish(payload, (id) => onProgress({ objects, bytes, id }));
    onProgress({ objects: ++objects, bytes, id: published.id });
    return { ...published, objects, bytes, sha256 };
  };

  const { kind = "file", name = "", contentType = DEFAULT_TYPE } = facts;
  const outline = { kind, name, contentType, depth: 0, bytes: 0, sha256: ZERO_HASH, entries: [] } as const;
  encodeManifest({ ...outline, entries: [] }); // what is wrong with the facts is said before anything is published
  const { first, all } = await peek(cutPieces(data, sink.objectBytes), (pieces) => pieces.length === 2);
  const [head] = first;
  const plain = kind === "file" && facts.name === undefined && facts.contentType === undefined;
  if (head !== undefined && first.length === 1 && plain && !isManifest(head)) {
    bytes = head.length;
    digest.update(head);
    return publishLast(head, new Uint8Array(digest.digest()));
  }
  first.length = 0;
  const send = async (payload: Bytes): Promise<Piece> => ({ id: (await sink.publish(payload)).id, bytes: payload.length });
  const hashed = async function* (pieces: AsyncIterable<Bytes>) {
    for await (const piece of pieces) {
      digest.update(piece);
      yield piece;
    }
  };
  for await (const piece of mapInOrder(hashed(all), WINDOW, send)) {
    entries.push(piece);
    bytes += piece.bytes;
    onProgress({ objects: ++objects, bytes });
  }
  const whole = { ...outline, bytes, sha256: new Uint8Array(digest.digest()) };
  const most = piecesPerManifest(sink.objectBytes);
  if (entries.length <= most) return publishLast(encodeManifest({ ...whole, entries }), whole.sha256);
  if (entries.length > most * most) throw daError("DA_TOO_LARGE", `${entries.length} objects; a file has at most ${most * most}`);
  const parts: Piece[] = [];
  for (let at = 0; at < entries.length; at += most) {
    const part = partOf(entries.slice(at, at + most));
    parts.push({ id: (await sink.publish(encodeManifest(part))).id, bytes: part.bytes });
    onProgress({ objects: ++objects, bytes });
  }
  return publishLast(encodeManifest({ ...whole, depth: 1, entries: parts }), whole.sha256);
}

function partOf(entries: Piece[]): Manifest {
  const bytes = entries.reduce((sum, piece) => sum + piece.bytes, 0);
  return { kind: "part", depth: 0, bytes, sha256: ZERO_HASH, contentType: "", name: "", entries };
}
