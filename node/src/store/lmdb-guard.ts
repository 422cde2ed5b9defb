/**
 * LMDB maps its file and trusts what its two meta pages say: where they are damaged the process dies by SIGSEGV, and by SIGBUS where
 * the file is cut short, without a code. So both are read before LMDB maps them. Other pages have no checksum: damage
 * there, or a small cut, is found, if at all, when they are read.
 *
 * A page begins with u64 number, u64 transaction, u16, u16 flags, u32; a meta page goes on with u32 magic, u32 version, u64 address,
 * u64 map size, two trees of 48 bytes {u32, u16, u16 depth, 4 x u64, u64 root}, u64 last page, u64 transaction; the first
 * field of the first tree is the page size. All little endian (liblmdb's mdb.c, as the package lmdb ships it).
 */
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { storeError } from "./errors.ts";

const MAGIC = 0xbeefc0de;
const META_FLAG = 0x08;
const NO_ROOT = 0xffff_ffff_ffff_ffffn;
const MAX_DEPTH = 32; // the cursor's stack in mdb.c
const META_BYTES = 160;
/** Of so small a file any part may be free. */
const SMALL_PAGES = 1024n;

/** Throws STORE_DAMAGED. A new or empty file is LMDB's to fill. */
export function guardLmdbFile(path: string): void {
  if (!existsSync(path)) return;
  const fd = openSync(path, "r+");
  try {
    const { size } = fstatSync(fd);
    if (size === 0) return;
    const damaged = (what: string): never => {
      throw storeError("STORE_DAMAGED", `${path}: ${what}`, { path });
    };
    const read = (at: number) => {
      const bytes = Buffer.alloc(META_BYTES);
      if (readSync(fd, bytes, 0, META_BYTES, at) < META_BYTES) damaged(`ends inside the meta page at ${at}`);
      return bytes;
    };
    const first = read(0);
    const pageSize = first.readUInt32LE(48);
    if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) damaged(`page size ${pageSize}`);
    let pages = 0n;
    for (const meta of [first, read(pageSize)]) {
      if ((meta.readUInt16LE(18) & META_FLAG) === 0 || meta.readUInt32LE(24) !== MAGIC) damaged("a meta page is none");
      if (meta.readUInt32LE(28) !== first.readUInt32LE(28) || meta.readUInt32LE(48) !== pageSize) damaged("its meta pages differ");
      const last = meta.readBigUInt64LE(144);
      for (const tree of [48, 96]) {
        const [depth, root] = [meta.readUInt16LE(tree + 6), meta.readBigUInt64LE(tree + 40)];
        if (depth > MAX_DEPTH || (root !== NO_ROOT && (root < 2n || root > last))) damaged(`a tree of depth ${depth} at page ${root}`);
      }
      if (last * BigInt(pageSize) > meta.readBigUInt64LE(40)) damaged(`last page ${last} lies outside its map`);
      if (last + 1n > pages) pages = last + 1n;
    }
    const whole = pages * BigInt(pageSize);
    if (pages > SMALL_PAGES && BigInt(size) * 4n < whole * 3n) damaged(`${size} of ${whole} bytes are there`);
    // fewer may be right: free pages at the end need not be there; what was cut off reads as zeros then, and not as SIGBUS
    if (BigInt(size) < whole) ftruncateSync(fd, Number(whole));
  } finally {
    closeSync(fd);
  }
}
