/** What a validator's folder holds, a line for each table of its stores, each kind of record of its logs, and each other file. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { FRAME_BYTES, HEADER_BYTES } from "@noema/node/store/log-frame";
import { readPages } from "./lmdb-pages.ts";

/** `bytes`: keys and values, or records; `diskBytes`: what the disk has for them. */
export type Holding = { rows: number; bytes: number; diskBytes: number };
export type Holdings = Map<string, Holding>;

export function holdingsOf(folder: string): Holdings {
  const found: Holdings = new Map();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    const diskBytes = statSync(path).blocks * 512;
    if (name.endsWith(".mdb")) addStore(found, path, basename(path, ".mdb"), diskBytes);
    else if (/^\d{16}\.log$/.test(entry.name)) addLog(found, path, dirname(name), diskBytes);
    else add(found, name, { rows: 0, bytes: 0, diskBytes });
  }
  return found;
}

function addStore(found: Holdings, path: string, store: string, diskBytes: number): void {
  const { tables, innerBytes, freeBytes } = readPages(path);
  let told = innerBytes + freeBytes;
  for (const [table, { rows, keyBytes, valueBytes, pageBytes }] of tables) {
    add(found, `${store}: ${table}`, { rows, bytes: keyBytes + valueBytes, diskBytes: pageBytes });
    told += pageBytes;
  }
  add(found, `${store}: inner pages`, { rows: 0, bytes: 0, diskBytes: innerBytes });
  add(found, `${store}: free pages, used again`, { rows: 0, bytes: 0, diskBytes: freeBytes });
  add(found, `${store}: other pages`, { rows: 0, bytes: 0, diskBytes: diskBytes - told });
}

function addLog(found: Holdings, path: string, log: string, diskBytes: number): void {
  const bytes = readFileSync(path);
  let told = 0;
  for (let at = HEADER_BYTES; at + FRAME_BYTES < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const size = FRAME_BYTES + length;
    add(found, `${log}: kind ${bytes[at + FRAME_BYTES]}`, { rows: 1, bytes: length, diskBytes: size });
    told += size;
    at += size;
  }
  add(found, `${log}: the rest of files`, { rows: 0, bytes: 0, diskBytes: diskBytes - told });
}

function add(found: Holdings, name: string, { rows, bytes, diskBytes }: Holding): void {
  const sum = found.get(name) ?? { rows: 0, bytes: 0, diskBytes: 0 };
  found.set(name, { rows: sum.rows + rows, bytes: sum.bytes + bytes, diskBytes: sum.diskBytes + diskBytes });
}

/** What came between two looks. */
export function growth(before: Holdings, after: Holdings): Holdings {
  const names = new Set([...before.keys(), ...after.keys()]);
  const none: Holding = { rows: 0, bytes: 0, diskBytes: 0 };
  return new Map(
    Array.from(names, (name) => {
      const [a, b] = [before.get(name) ?? none, after.get(name) ?? none];
      return [name, { rows: b.rows - a.rows, bytes: b.bytes - a.bytes, diskBytes: b.diskBytes - a.diskBytes }];
    }),
  );
}
