/**
 * A row's checksum, behind its value: u32le CRC-32C of the table's name, the key and the value. A file system hands out what the disk made of
 * a bit, and LMDB looks at none: a balance with a flipped bit would be answered as one.
 */
import { utf8 } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { crc32c } from "./crc32c.ts";
import { storeError } from "./errors.ts";

export type RowForm = {
  /** A copy. */
  pack(table: string, key: Bytes, value: Bytes): Buffer;
  /** A view. Throws STORE_CORRUPT. */
  unpack(table: string, key: Bytes, stored: Bytes): Bytes;
};

/** A table, empty, that says of a file that its rows have checksums. Those of earlier versions have not. */
export const SUMMED = "summed";
const SUM_BYTES = 4;

export const plainRows: RowForm = {
  pack: (_table, _key, value) => Buffer.from(value),
  unpack: (_table, _key, stored) => new Uint8Array(stored.buffer, stored.byteOffset, stored.length),
};

/** @param path of the store, for errors */
export function summedRows(path: string): RowForm {
  return {
    pack(table, key, value) {
      const row = Buffer.allocUnsafe(value.length + SUM_BYTES);
      row.set(value);
      row.writeUInt32LE(sumOf(table, key, value, value.length), value.length);
      return row;
    },
    unpack(table, key, stored) {
      if (!isWhole(table, key, stored)) {
        const name = Buffer.from(key).toString("hex");
        throw storeError("STORE_CORRUPT", `${path}: the row ${name} of ${table} is not as it was written`, { path, table });
      }
      return new Uint8Array(stored.buffer, stored.byteOffset, stored.length - SUM_BYTES);
    },
  };
}

export function isWhole(table: string, key: Bytes, stored: Bytes): boolean {
  const end = stored.length - SUM_BYTES;
  if (end < 0) return false;
  const byte = (at: number) => stored[end + at] as number;
  const sum = (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
  return sum === sumOf(table, key, stored, end);
}

const names = new Map<string, number>();

/** `end`: of the value. */
function sumOf(table: string, key: Bytes, value: Bytes, end: number): number {
  let name = names.get(table);
  if (name === undefined) {
    name = crc32c(utf8(table));
    names.set(table, name);
  }
  return crc32c(value, crc32c(key, name), end);
}
