/** Keys, and how RocksDB holds every table in one ordered key space: u8 length of the table's name || name || key. */
import { utf8 } from "@noema/core/bytes";
import type { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { storeError } from "./errors.ts";

const MAX_TABLE_BYTES = 64;
const prefixes = new Map<string, Buffer>();

/** Throws STORE_KEY_INVALID. */
export function checkedKey(table: string, key: Bytes): Bytes {
  if (key.length < 1 || key.length > 255)
    throw storeError("STORE_KEY_INVALID", `a key of ${key.length} bytes in table ${table}; 1 to 255 are allowed`);
  return key;
}

export function tableError(table: string): NoemaError {
  return storeError("STORE_KEY_INVALID", `the store has no table "${table}"`);
}

/** Throws STORE_KEY_INVALID. */
export function tableKey(table: string, key: Bytes): Buffer {
  return boundary(table, checkedKey(table, key));
}

/** As tableKey for an end of a range, where the empty key and long ones are allowed. */
export function boundary(table: string, key: Bytes): Buffer {
  const prefix = tablePrefix(table);
  const out = Buffer.allocUnsafe(prefix.length + key.length);
  out.set(prefix);
  out.set(key, prefix.length);
  return out;
}

export function tablePrefix(table: string): Buffer {
  let prefix = prefixes.get(table);
  if (prefix === undefined) {
    const name = utf8(table);
    if (name.length < 1 || name.length > MAX_TABLE_BYTES) throw storeError("STORE_KEY_INVALID", `table name "${table}"`);
    prefix = Buffer.concat([Uint8Array.of(name.length), name]);
    prefixes.set(table, prefix);
  }
  return prefix;
}
