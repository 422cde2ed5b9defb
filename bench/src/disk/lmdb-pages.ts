/**
 * What the pages of an LMDB file hold, by table, read from its bytes: the library tells of a table's pages, and not of what is free in them.
 *
 * A page begins with u64 number, u64 transaction, u16, u16 flags, u16 lower, u16 upper; behind it u16 offsets of its nodes, counted from there.
 * A node is u16, u16, u16 flags, u16 length of the key, key, data: of a branch the first three are the page below, of a leaf the first two the
 * length of the data. Data of a node with BIG is u64 page, u64, u64 pages; with TREE it is a table's tree, whose root stands at 40. The two meta
 * pages: node/src/store/lmdb-guard.ts.
 */
import { readFileSync } from "node:fs";

export type TablePages = { rows: number; keyBytes: number; valueBytes: number; pageBytes: number };
export type LmdbPages = {
  tables: Map<string, TablePages>;
  /** Of branches of all trees, and of the list of free pages. */
  innerBytes: number;
  /** To be used again. */
  freeBytes: number;
};

const HEAD = 24;
const BRANCH = 1;
const [BIG, TREE] = [1, 2];
const NO_ROOT = 0xffff_ffff_ffff_ffffn;

/** The file may be in use: it is read again until no commit came between. */
export function readPages(path: string): LmdbPages {
  for (;;) {
    const before = newestMeta(readFileSync(path).subarray(0, 1 << 17)).transaction;
    const file = readFileSync(path);
    if (newestMeta(file).transaction === before && newestMeta(readFileSync(path).subarray(0, 1 << 17)).transaction === before)
      return pagesOf(file);
  }
}

function newestMeta(file: Buffer): { transaction: bigint; free: bigint; root: bigint; pageSize: number } {
  const pageSize = file.readUInt32LE(48);
  const [a, b] = [0, pageSize].map((at) => ({
    transaction: file.readBigUInt64LE(at + 152),
    free: file.readBigUInt64LE(at + 88),
    root: file.readBigUInt64LE(at + 136),
    pageSize,
  })) as [ReturnType<typeof newestMeta>, ReturnType<typeof newestMeta>];
  return a.transaction > b.transaction ? a : b;
}

type Leaf = { key: Buffer; flags: number; at: number; size: number };

function pagesOf(file: Buffer): LmdbPages {
  const { free, root, pageSize } = newestMeta(file);
  const found: LmdbPages = { tables: new Map(), innerBytes: 0, freeBytes: 0 };
  function* leaves(page: bigint): Iterable<Leaf> {
    if (page === NO_ROOT) return;
    const base = Number(page) * pageSize + HEAD;
    const nodes = file.readUInt16LE(base - 4) >> 1;
    const isBranch = (file.readUInt16LE(base - 6) & BRANCH) !== 0;
    if (isBranch) found.innerBytes += pageSize;
    for (let i = 0; i < nodes; i++) {
      const at = base + file.readUInt16LE(base + 2 * i);
      const low = file.readUInt16LE(at) + file.readUInt16LE(at + 2) * 2 ** 16;
      const [flags, length] = [file.readUInt16LE(at + 4), file.readUInt16LE(at + 6)];
      if (isBranch) yield* leaves(BigInt(low + flags * 2 ** 32));
      else yield { key: file.subarray(at + 8, at + 8 + length), flags, at: at + 8 + length, size: low };
    }
  }
  for (const { key, flags, at } of leaves(root)) {
    if ((flags & TREE) === 0) continue;
    const table: TablePages = { rows: 0, keyBytes: 0, valueBytes: 0, pageBytes: 0 };
    const pages = new Set<number>();
    for (const row of leaves(file.readBigUInt64LE(at + 40))) {
      table.rows++;
      table.keyBytes += row.key.length;
      table.valueBytes += row.size;
      pages.add(Math.floor(row.at / pageSize));
      if ((row.flags & BIG) !== 0) table.pageBytes += Number(file.readBigUInt64LE(row.at + 16)) * pageSize;
    }
    table.pageBytes += pages.size * pageSize;
    found.tables.set(key.toString("latin1").replace(/\0$/, ""), table);
  }
  for (const list of leaves(free)) found.freeBytes += freePages(file, list, pageSize) * pageSize;
  return found;
}

/** A list is u64 count and so many i64: a page, nothing where 0, or minus a run's length, which the run's first page follows. */
function freePages(file: Buffer, { flags, at }: Leaf, pageSize: number): number {
  const from = (flags & BIG) === 0 ? at : Number(file.readBigUInt64LE(at)) * pageSize + HEAD;
  const count = Number(file.readBigUInt64LE(from));
  let pages = 0;
  for (let i = 1; i <= count; i++) {
    const entry = file.readBigInt64LE(from + 8 * i);
    if (entry > 0n) pages++;
    if (entry < 0n) {
      pages += Number(-entry);
      i++;
    }
  }
  return pages;
}
