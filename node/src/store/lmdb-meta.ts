/**
 * What the meta pages of an LMDB file say. LMDB maps its file and trusts them: where they are damaged the process dies by SIGSEGV, and by
 * SIGBUS where the file is cut short, without a code.
 *
 * A page begins with u64 number, u64 transaction, u16, u16 flags, u32; a meta page goes on with u32 magic, u32 version, u64 address,
 * u64 map size, two trees of 48 bytes {u32, u16, u16 depth, 3 x u64, u64 rows, u64 root}, u64 last page, u64 transaction, i64 boot; the first
 * field of the first tree is the page size. In the middle of the first page stands what was last flushed, as another meta page
 * without magic. All little endian (liblmdb's mdb.c, as the package lmdb ships it).
 */
import { readFileSync, readSync } from "node:fs";
import { storeError } from "./errors.ts";

export type Tree = { depth: number; entries: number; root: number | undefined; order: number };
/** `free`: lists of free pages by transaction. `main`: trees by name. */
export type Meta = {
  pageSize: number;
  mapBytes: bigint;
  version: number;
  last: number;
  transaction: bigint;
  boot: bigint;
  free: Tree;
  main: Tree;
};

const MAGIC = 0xbeefc0de;
const META_FLAG = 0x08;
/** How a tree's keys and values are sorted: not at all otherwise than bytes, but for transactions. */
const ORDER_FLAGS = 0x7e;
export const BY_BYTES = 0x00;
const BY_NUMBER = 0x08;
const NO_ROOT = 0xffff_ffff_ffff_ffffn;
export const MAX_DEPTH = 32; // the cursor's stack in mdb.c
export const TREE_BYTES = 48;
const META_BYTES = 168;
const BOOT_FILE = "/proc/sys/kernel/random/boot_id";

/** Of 48 bytes. Numbers above 2^53 are none that a file can have: they stay wrong. */
export function readTree(bytes: Buffer, at: number): Tree {
  const root = bytes.readBigUInt64LE(at + 40);
  return {
    depth: bytes.readUInt16LE(at + 6),
    order: bytes.readUInt16LE(at + 4) & ORDER_FLAGS,
    entries: Number(bytes.readBigUInt64LE(at + 32)),
    root: root === NO_ROOT ? undefined : Number(root),
  };
}

/** Both, and what was last flushed where that is told. Throws STORE_CORRUPT. */
export function readMetas(path: string, fd: number): { both: [Meta, Meta]; flushed: Meta | undefined } {
  const damaged = (what: string): never => {
    throw storeError("STORE_CORRUPT", `${path}: ${what}`, { path });
  };
  const read = (at: number) => {
    const bytes = Buffer.alloc(META_BYTES);
    if (readSync(fd, bytes, 0, META_BYTES, at) < META_BYTES) damaged(`ends inside the meta page at ${at}`);
    return bytes;
  };
  const first = read(0);
  const pageSize = first.readUInt32LE(48);
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) damaged(`page size ${pageSize}`);
  const both = [first, read(pageSize)].map((bytes) => {
    if ((bytes.readUInt16LE(18) & META_FLAG) === 0 || bytes.readUInt32LE(24) !== MAGIC) damaged("a meta page is none");
    return decode(bytes);
  }) as [Meta, Meta];
  const middle = decode(read(pageSize / 2));
  const flushed = middle.transaction === 0n ? undefined : middle;
  if (both[0].version !== both[1].version) damaged("its meta pages differ");
  for (const { pageSize: size, last, mapBytes, free, main } of [...both, ...(flushed ? [flushed] : [])]) {
    if (size !== pageSize) damaged("its meta pages differ");
    for (const { depth, root } of [free, main])
      if (depth > MAX_DEPTH || (root !== undefined && (root < 2 || root > last))) damaged(`a tree of depth ${depth} at page ${root}`);
    if (free.order !== BY_NUMBER || main.order !== BY_BYTES) damaged("its trees are in another order");
    if (BigInt(last) * BigInt(pageSize) > mapBytes) damaged(`last page ${last} lies outside its map`);
  }
  const [one, other] = both.map(({ transaction }) => transaction) as [bigint, bigint];
  if ((one > other + 1n || other > one + 1n) && !both.some(isUnwritten))
    damaged(`transactions ${one} and ${other} do not follow each other`);
  return { both, flushed };
}

/** A copy without free pages has all in its second page, and the first as of an empty file. */
function isUnwritten({ transaction, free, main }: Meta): boolean {
  return transaction === 0n && free.root === undefined && main.root === undefined;
}

function decode(bytes: Buffer): Meta {
  return {
    version: bytes.readUInt32LE(28),
    mapBytes: bytes.readBigUInt64LE(40),
    pageSize: bytes.readUInt32LE(48),
    free: readTree(bytes, 48),
    main: readTree(bytes, 96),
    last: Number(bytes.readBigUInt64LE(144)),
    transaction: bytes.readBigUInt64LE(152),
    boot: bytes.readBigInt64LE(160),
  };
}

/** The one whose trees LMDB opens: the newest, or after a start of the machine the oldest, since of the others the disk may lack pages. */
export function openedMeta({ both, flushed }: ReturnType<typeof readMetas>): Meta {
  const all = [...(flushed ? [flushed] : []), ...both].filter((x) => x.transaction > 0n);
  const byAge = all.sort((a, b) => (a.transaction === b.transaction ? 0 : a.transaction < b.transaction ? -1 : 1));
  const newest = byAge.at(-1) ?? both[0]; // of two that say the same, not what was flushed
  return newest.boot !== 0n && newest.boot === bootOf() ? newest : (byAge[0] ?? newest);
}

/** As LMDB has it: the first group of the machine's boot id. */
function bootOf(): bigint | undefined {
  try {
    return BigInt(`0x${readFileSync(BOOT_FILE, "latin1").split("-")[0]}`);
  } catch {
    return undefined;
  }
}
