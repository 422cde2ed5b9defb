/**
 * Whether the pages of an LMDB file are those that it wrote. LMDB checks nothing of a page: it follows whatever number stands there, and
 * of a flipped bit comes a row that is not found, or SIGSEGV. Read here are the trees that it would open, every page once: its number,
 * kind and bounds, the order of its keys and their place below the page above; and that none is used twice, or both used and free.
 * What a value holds is its reader's to check (`row`).
 *
 * A page begins with u64 number, u64 transaction, u16, u16 flags, u16 lower, u16 upper (of an overflow page, u32 pages); then come u16 offsets of
 * its nodes, from here on. A node is u16 low, u16 high, u16 flags, u16 key size, key, data: of a branch the child's number, 48 bits
 * of the first three; of a leaf the data's size, and data that is a value, a tree (48 bytes) or {u64 page, u64 transaction, u64 pages}. A list of
 * free pages is u64 numbers, their count first; one that is negative says of how many the next one is the lowest. All
 * little endian (liblmdb's mdb.c and midl.c, as the package lmdb ships them).
 */
import { closeSync, openSync, readSync } from "node:fs";
import { storeError } from "./errors.ts";
import { BY_BYTES, MAX_DEPTH, type Meta, openedMeta, readMetas, readTree, TREE_BYTES, type Tree } from "./lmdb-meta.ts";

const HEADER = 24;
const NODE = 8;
const [BRANCH, LEAF, OVERFLOW] = [0x01, 0x02, 0x04];
const [VALUE, BIG_VALUE, TREE] = [0x00, 0x01, 0x02];
const MAX_KEY = 4096;

/** Of a table: false where it is not as it was written. */
export type RowCheck = (table: string, key: Buffer, value: Buffer) => boolean;
type Row = { key: Buffer; value: Buffer; kind: number; page: number };
type Order = (a: Buffer, b: Buffer) => number;
type Bounds = { from?: Buffer; below?: Buffer };

/** Of a file that no process has open. `checkOf` is told all tables. Throws STORE_CORRUPT, and what the system throws. */
export function checkLmdbPages(path: string, checkOf: (tables: readonly string[]) => RowCheck): void {
  const fd = openSync(path, "r");
  try {
    const meta = openedMeta(readMetas(path, fd));
    const { rowsOf, requireFree, requireNewest, damaged } = createPages(path, fd, meta);
    for (const { root } of [meta.main, meta.free]) if (root !== undefined) requireNewest(root, meta);
    // other rows are of an old layout, which is refused by who opens it
    const tables = [...rowsOf(meta.main, Buffer.compare)].filter(({ kind }) => kind === TREE);
    const check = checkOf(tables.map(({ key }) => nameOf(key)));
    for (const { key, value, page } of tables) {
      if (value.length !== TREE_BYTES) damaged(page, `names a tree in ${value.length} bytes`);
      const [table, tree] = [nameOf(key), readTree(value, 0)];
      if (tree.order !== BY_BYTES) damaged(page, `has ${table} in another order`);
      for (const row of rowsOf(tree, Buffer.compare))
        if (!check(table, row.key, row.value)) damaged(row.page, `has a row of ${table} that is not as it was written`);
    }
    for (const { value, page } of rowsOf(meta.free, byNumber)) requireFree(value, page);
  } finally {
    closeSync(fd);
  }
}

/** They end in a zero. */
const nameOf = (key: Buffer) => key.toString("latin1").replace(/\0$/, "");

function createPages(path: string, fd: number, { pageSize, last }: Meta) {
  const pages = last + 1;
  const used = new Uint8Array(Math.ceil(pages / 8));

  function damaged(page: number, what: string): never {
    throw storeError("STORE_CORRUPT", `${path}: page ${page} ${what}`, { path, page });
  }

  function claim(page: number, count: number): void {
    if (!Number.isSafeInteger(page) || page < 2 || count < 1 || page + count > pages) damaged(page, "lies outside the file");
    for (let at = page; at < page + count; at++) {
      const bit = 1 << (at & 7);
      if (((used[at >> 3] as number) & bit) !== 0) damaged(at, "is used twice");
      used[at >> 3] = (used[at >> 3] as number) | bit;
    }
  }

  function read(page: number, count: number): Buffer {
    claim(page, count);
    const bytes = Buffer.allocUnsafe(count * pageSize);
    if (readSync(fd, bytes, 0, bytes.length, page * pageSize) < bytes.length) damaged(page, "is cut off");
    if (number(bytes, 0) !== page) damaged(page, "has another's number");
    return bytes;
  }

  /** Of a page that holds nodes: where each begins, and its key. */
  function nodesOf(bytes: Buffer, page: number, depth: number): { at: number; key: Buffer }[] {
    if (bytes.readUInt16LE(18) !== (depth > 1 ? BRANCH : LEAF)) damaged(page, `is of another kind than at depth ${depth}`);
    const [lower, upper] = [bytes.readUInt16LE(20), bytes.readUInt16LE(22)];
    if (lower % 2 !== 0 || lower < 2 || lower > upper || HEADER + upper > pageSize) damaged(page, "has wrong bounds");
    return Array.from({ length: lower / 2 }, (_, i) => {
      const at = HEADER + bytes.readUInt16LE(HEADER + 2 * i);
      const size = at + NODE > pageSize ? MAX_KEY + 1 : bytes.readUInt16LE(at + 6);
      if (at < HEADER + upper || size > MAX_KEY || at + NODE + size > pageSize) damaged(page, `has node ${i} outside`);
      return { at, key: bytes.subarray(at + NODE, at + NODE + size) };
    });
  }

  function* walk(page: number, depth: number, order: Order, { from, below }: Bounds): Generator<Row> {
    const bytes = read(page, 1);
    const nodes = nodesOf(bytes, page, depth);
    const keyed = depth > 1 ? nodes.slice(1) : nodes; // the first key of a branch is not looked at
    for (const [i, { key }] of keyed.entries()) {
      const least = i === 0 ? from : keyed[i - 1]?.key;
      const isHigh = least === undefined || order(key, least) >= (i === 0 ? 0 : 1);
      if (!isHigh || (below !== undefined && order(key, below) >= 0)) damaged(page, `has key ${i} out of order`);
    }
    for (const [i, { at, key }] of nodes.entries()) {
      if (depth === 1) yield { key, ...dataOf(bytes, at, key.length, page), page };
      else yield* walk(bytes.readUIntLE(at, 6), depth - 1, order, { from: i === 0 ? from : key, below: nodes[i + 1]?.key ?? below });
    }
  }

  function dataOf(bytes: Buffer, at: number, keyBytes: number, page: number): { value: Buffer; kind: number } {
    const [size, kind] = [bytes.readUInt32LE(at), bytes.readUInt16LE(at + 4)];
    const begin = at + NODE + keyBytes;
    if (kind !== VALUE && kind !== BIG_VALUE && kind !== TREE) damaged(page, `has a node of kind ${kind}`);
    if (begin + (kind === BIG_VALUE ? HEADER : size) > pageSize) damaged(page, `has a value of ${size} bytes`);
    if (kind !== BIG_VALUE) return { value: bytes.subarray(begin, begin + size), kind };
    const [first, count] = [number(bytes, begin), number(bytes, begin + 16)];
    if (count !== Math.floor((HEADER - 1 + size) / pageSize) + 1) damaged(page, `has ${size} bytes in ${count} pages`);
    const whole = read(first, count);
    if (whole.readUInt16LE(18) !== OVERFLOW || whole.readUInt32LE(20) !== count) damaged(first, "is no overflow page");
    return { value: whole.subarray(HEADER, HEADER + size), kind };
  }

  return {
    damaged,
    /** Each commit makes both roots anew: an older one stood for what is there no more. A copy without free pages has pages of transaction 1 alone. */
    requireNewest(root: number, { transaction, free }: Meta): void {
      const bytes = Buffer.allocUnsafe(HEADER);
      if (readSync(fd, bytes, 0, HEADER, root * pageSize) < HEADER) damaged(root, "is cut off");
      const written = bytes.readBigUInt64LE(8);
      const isCopy = free.root === undefined && written === 1n;
      if (written !== transaction && !isCopy) damaged(root, "is a root of another commit");
    },
    *rowsOf({ root, depth, entries }: Tree, order: Order): Generator<Row> {
      let rows = 0;
      if (root !== undefined && (depth < 1 || depth > MAX_DEPTH)) damaged(root, `begins a tree of depth ${depth}`);
      if (root !== undefined)
        for (const row of walk(root, depth, order, {})) {
          rows++;
          yield row;
        }
      if (rows !== entries) damaged(root ?? 0, `begins a tree of ${rows} rows, not ${entries}`);
    },
    requireFree(list: Buffer, page: number): void {
      const count = list.length < 8 ? 0 : number(list, 0);
      if (list.length < 8 || count * 8 + 8 > list.length) damaged(page, "has a cut list of free pages");
      for (let i = 1, run = 1; i <= count; i++) {
        const entry = Number(list.readBigInt64LE(8 * i));
        if (entry > 0) claim(entry, run);
        run = entry < 0 ? -entry : 1;
      }
    },
  };
}

function number(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

/** Transactions. */
function byNumber(a: Buffer, b: Buffer): number {
  if (a.length !== 8 || b.length !== 8) return 0;
  return number(a, 0) - number(b, 0);
}
