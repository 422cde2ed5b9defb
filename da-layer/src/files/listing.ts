/** What a directory's pieces hold, joined: SSZ List of {path, bytes, id, offset} in ascending order of path (docs/protocol/files.md 3). */
import { compareBytes, utf8 } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { hash32, uint64 } from "@noema/core/types/availability";
import { ByteListType, ContainerType, decodeSsz, ListCompositeType } from "@noema/core/types/ssz";
import { daError } from "../errors.ts";
import { MAX_PATH_BYTES, pathFault, textOf } from "./names.ts";

/** A listing is held in memory: some 600,000 files with paths of 50 bytes. */
/** What a reader decodes at once, on the thread that votes: some 0.2 s. */
export const MAX_LISTING_BYTES = 8 * 2 ** 20;
const MAX_FILES = 2 ** 16;

const listingType = new ListCompositeType(
  new ContainerType({ path: new ByteListType(MAX_PATH_BYTES), bytes: uint64, id: hash32, offset: uint64 }, { typeName: "ListedFile" }),
  MAX_FILES,
);

/** Bytes [offset, offset + bytes) of the file `id`, which small files share. Of an empty file id is zeros and offset 0. */
export type ListedFile = { path: string; bytes: number; id: Hash; offset: number };

/** In any order. Throws DA_LISTING_INVALID. */
export function encodeListing(files: readonly ListedFile[]): Bytes {
  const rows = files.map((file) => ({ ...file, path: utf8(file.path) })).sort((a, b) => compareBytes(a.path, b.path));
  if (rows.length > MAX_FILES) throw invalid(`${rows.length} files; the limit is ${MAX_FILES}`);
  checkRows(rows);
  const listing = listingType.serialize(rows);
  if (listing.length > MAX_LISTING_BYTES) throw invalid(`${listing.length} bytes; the limit is ${MAX_LISTING_BYTES}`);
  return listing;
}

/** Throws DA_LISTING_INVALID. */
export function decodeListing(listing: Bytes): ListedFile[] {
  if (listing.length > MAX_LISTING_BYTES) throw invalid(`${listing.length} bytes; the limit is ${MAX_LISTING_BYTES}`);
  try {
    return checkRows(decodeSsz(listingType, listing));
  } catch (error) {
    throw isNoemaError(error, "SSZ_INVALID") ? invalid("its bytes are no listing's", error) : error;
  }
}

type Row = Omit<ListedFile, "path"> & { path: Bytes };

function checkRows(rows: readonly Row[]): ListedFile[] {
  const paths = new Set<string>();
  const files = rows.map((row, i) => {
    const path = textOf(row.path);
    const fault = path === undefined ? "is no UTF-8" : pathFault(path);
    if (path === undefined || fault !== undefined) throw invalid(`path ${i} ${fault}`);
    if (i > 0 && compareBytes((rows[i - 1] as Row).path, row.path) >= 0) throw invalid(`path ${i} is not above the one before`);
    if (!Number.isSafeInteger(row.offset + row.bytes)) throw invalid(`file ${i} ends beyond 2^53`);
    if (row.bytes === 0 && (row.offset !== 0 || row.id.some((x) => x !== 0))) throw invalid(`file ${i} is empty and lies somewhere`);
    paths.add(path);
    return { ...row, path };
  });
  for (const { path } of files)
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1))
      if (paths.has(path.slice(0, at))) throw invalid(`${JSON.stringify(path.slice(0, at))} is a file and a folder`);
  return files;
}

const invalid = (why: string, cause?: unknown) => daError("DA_LISTING_INVALID", `a directory's listing breaks its form: ${why}`, {}, cause);
