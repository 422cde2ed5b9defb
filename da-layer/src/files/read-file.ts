/** What stands behind an id: an object as it is, or the file or directory of a manifest, read as one (docs/protocol/files.md 4). */
import { to0x, toHex } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { ReadOptions } from "@noema/core/ports/data";
import { daError } from "../errors.ts";
import { mapInOrder } from "./in-order.ts";
import { createKept } from "./kept.ts";
import { decodeListing, type ListedFile, MAX_LISTING_BYTES } from "./listing.ts";
import { decodeManifest, isManifest, MAGIC, type Manifest, type Piece } from "./manifest.ts";
import { collect } from "./pieces.ts";

/** A few bytes keep no whole row in memory. */
const ownBytes = (chunk: Bytes): Bytes => (2 * chunk.byteLength < chunk.buffer.byteLength ? chunk.slice() : chunk);

/** Where objects come from. Both throw DA_NOT_FOUND for what is unknown. */
export type ObjectSource = {
  size(id: Hash): Promise<number>;
  /** Payload bytes [from, to), checked. */
  read(id: Hash, from: number, to: number, signal: AbortSignal, o?: ReadOptions): AsyncIterable<Bytes>;
};

/** `manifest`: absent for an object that is the file itself. Bytes [from, from + bytes) of it are meant. */
export type OpenFile = { id: Hash; from: number; bytes: number; manifest?: Manifest };

export type FileReader = {
  /** Throws DA_NOT_FOUND, DA_MANIFEST_INVALID, and what reading throws. */
  open(id: Hash, signal: AbortSignal, o?: Pick<ReadOptions, "onLiar">): Promise<OpenFile>;
  /** Bytes [from, to) of the file; `onRows` only of one that is an object. Throws DA_MANIFEST_INVALID where objects are not what it says, and what reading throws. */
  read(file: OpenFile, from: number, to: number, signal: AbortSignal, o?: ReadOptions): AsyncIterable<Bytes>;
  /** A directory's files by path. Throws DA_PATH_UNKNOWN for what is no directory, DA_LISTING_INVALID. */
  list(directory: OpenFile, signal: AbortSignal): Promise<readonly ListedFile[]>;
  /** One of its files. Throws DA_PATH_UNKNOWN. */
  openPath(directory: OpenFile, path: string, signal: AbortSignal): Promise<OpenFile>;
};

/** Objects that one reader has fetched, or is fetching, ahead of what it has taken: 12 MB. One for who has taken none: he may never. */
const WINDOW = 3;
const FIRST = 1;
/** Entries of manifests and listings that are kept in memory, some 250 bytes each. */
const KEPT_ENTRIES = 2 ** 17;

export function createFileReader(source: ObjectSource): FileReader {
  const files = createKept<OpenFile>(KEPT_ENTRIES);
  const parts = createKept<Manifest>(KEPT_ENTRIES);
  const listings = createKept<Promise<readonly ListedFile[]>>(KEPT_ENTRIES);

  async function readPart(piece: Piece, signal: AbortSignal): Promise<Manifest> {
    const key = toHex(piece.id);
    const known = parts.get(key);
    const part = known ?? decodeManifest(await collect(source.read(piece.id, 0, await source.size(piece.id), signal)));
    if (part.kind !== "part" || part.bytes !== piece.bytes)
      throw daError("DA_MANIFEST_INVALID", `${to0x(piece.id)} is not the part of ${piece.bytes} bytes that its manifest says`);
    if (known === undefined) parts.put(key, part, part.entries.length);
    return part;
  }

  /** The objects that hold [from, to), with the bytes of each. */
  async function* ranges(
    { depth, entries }: Manifest,
    from: number,
    to: number,
    signal: AbortSignal,
  ): AsyncIterable<Piece & { from: number }> {
    let at = 0;
    for (const entry of entries) {
      const [start, end] = [Math.max(from - at, 0), Math.min(to - at, entry.bytes)];
      at += entry.bytes;
      if (start >= end) continue;
      if (depth === 0) yield { id: entry.id, from: start, bytes: end - start };
      else yield* ranges(await readPart(entry, signal), start, end, signal);
    }
  }

  async function* readPieces(manifest: Manifest, from: number, to: number, signal: AbortSignal, o?: ReadOptions): AsyncIterable<Bytes> {
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    const fetchPiece = async (piece: Piece & { from: number }): Promise<Bytes[]> => {
      const chunks: Bytes[] = [];
      for await (const chunk of source.read(piece.id, piece.from, piece.from + piece.bytes, either, o)) chunks.push(ownBytes(chunk));
      await new Promise(setImmediate); // pieces may be tiny and at hand: others have their turn between two
      const came = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      if (came !== piece.bytes)
        throw daError("DA_MANIFEST_INVALID", `object ${to0x(piece.id)} is shorter than its manifest says: ${came} of ${piece.bytes} bytes`);
      return chunks;
    };
    try {
      for await (const chunks of mapInOrder(ranges(manifest, from, to, either), WINDOW, fetchPiece, FIRST)) yield* chunks;
    } finally {
      ended.abort();
    }
  }

  async function* read(file: OpenFile, from: number, to: number, signal: AbortSignal, o?: ReadOptions): AsyncIterable<Bytes> {
    const [start, end] = [file.from + from, file.from + Math.min(to, file.bytes)];
    if (start >= end) return;
    if (file.manifest === undefined) yield* source.read(file.id, start, end, signal, o);
    else yield* readPieces(file.manifest, start, end, signal, { ...o, onRows: undefined });
  }

  async function open(id: Hash, signal: AbortSignal, o?: Pick<ReadOptions, "onLiar">): Promise<OpenFile> {
    const key = toHex(id);
    const known = files.get(key);
    if (known !== undefined) return known;
    const size = await source.size(id);
    const head = await collect(source.read(id, 0, Math.min(size, MAGIC.length), signal, o));
    let file: OpenFile = { id, from: 0, bytes: size };
    if (isManifest(head)) {
      const manifest = decodeManifest(await collect(source.read(id, 0, size, signal, o)));
      if (manifest.kind === "part") throw daError("DA_MANIFEST_INVALID", `${to0x(id)} is a part of a larger file's manifest`);
      file = { id, from: 0, bytes: manifest.bytes, manifest };
    }
    files.put(key, file, 1 + (file.manifest?.entries.length ?? 0));
    return file;
  }

  async function list(directory: OpenFile, signal: AbortSignal): Promise<readonly ListedFile[]> {
    if (directory.manifest?.kind !== "directory") throw daError("DA_PATH_UNKNOWN", `${to0x(directory.id)} is no directory`);
    const key = toHex(directory.id);
    const known = listings.get(key);
    if (known !== undefined) return known;
    if (directory.bytes > MAX_LISTING_BYTES)
      throw daError("DA_LISTING_INVALID", `a listing of ${directory.bytes} bytes; the limit is ${MAX_LISTING_BYTES}`);
    const bytes = await collect(read(directory, 0, directory.bytes, signal));
    const begun = listings.get(key); // by another reader meanwhile
    if (begun !== undefined) return begun;
    const listing = (async () => decodeListing(bytes))(); // that it is wrong is remembered, too
    listings.put(
      key,
      listing,
      await listing.then((files) => 1 + files.length, () => 1), // biome-ignore format: one line
    );
    return listing;
  }

  return {
    open,
    read,
    list,
    async openPath(directory, path, signal) {
      const listed = (await list(directory, signal)).find((file) => file.path === path);
      if (listed === undefined) throw daError("DA_PATH_UNKNOWN", `${to0x(directory.id)} has no file ${JSON.stringify(path.slice(0, 200))}`);
      if (listed.bytes === 0) return { id: listed.id, from: 0, bytes: 0 };
      const whole = await open(listed.id, signal);
      if (whole.manifest?.kind === "directory" || listed.offset + listed.bytes > whole.bytes)
        throw daError("DA_LISTING_INVALID", `${JSON.stringify(path)} does not lie in ${to0x(listed.id)}`);
      return { ...whole, from: listed.offset, bytes: listed.bytes };
    },
  };
}
