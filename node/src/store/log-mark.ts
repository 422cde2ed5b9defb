/**
 * What a log must hold, in the file `mark` beside its segments: without it a log that was cut short looks whole. It is written
 * after each fsync of the log and before anybody hears of it, without an fsync of its own: kill -9 loses nothing of it, and after a
 * power cut it may be some seconds old, so all below `end` was durable whenever it was written. Two slots, each within a disk
 * sector, are written in turn; the one with the higher count is right.
 *
 * A slot is "noemamk1" || u64be count || u64be first || u64be end || u64be known || u8 lost || owner || u32be crc32c of all that.
 */
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { concatBytes, equalBytes, readU64be, u32be, u64be, utf8 } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { writeFileAtomic } from "../files/write-file.ts";
import { crc32c } from "./crc32c.ts";
import { OWNER_BYTES, requireOwner } from "./log-owner.ts";

const MAGIC = utf8("noemamk1");
const SECTOR = 512;
const SLOT_BYTES = 41 + OWNER_BYTES + 4;

export type Mark = {
  /** Records below are dropped. */
  first: number;
  /** All below was durable. */
  end: number;
  /** Losses below were found by an earlier start. */
  known: number;
  /** Such a loss has not been settled by the log's owner yet. */
  lost: boolean;
};

export type MarkFile = {
  /** @param durable with an fsync */
  write(mark: Mark, durable: boolean): void;
  close(): void;
};

export function markPath(folder: string): string {
  return join(folder, "mark");
}

/** undefined when there is none, or no good slot in it. Throws LOG_OTHER_OWNER. */
export function readMark(folder: string, owner: Bytes): { mark: Mark; count: number } | undefined {
  const path = markPath(folder);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const slots = [0, SECTOR].map((at) => decodeSlot(bytes.subarray(at, at + SLOT_BYTES))).filter((slot) => slot !== undefined);
  const newest = slots.reduce<(typeof slots)[0] | undefined>((a, b) => (a === undefined || b.count > a.count ? b : a), undefined);
  if (newest === undefined) return undefined;
  requireOwner(path, newest.owner, owner);
  return newest;
}

/** Replaces the file; its name is durable when this returns. Throws FILE_UNWRITABLE. */
export function createMark(folder: string, owner: Bytes, mark: Mark, count = 0): MarkFile {
  const bytes = new Uint8Array(SECTOR + SLOT_BYTES);
  bytes.set(encodeSlot(mark, count, owner), (count % 2) * SECTOR);
  writeFileAtomic(markPath(folder), bytes, 0o600);
  return openMark(folder, owner, count);
}

export function openMark(folder: string, owner: Bytes, count: number): MarkFile {
  const fd = openSync(markPath(folder), "r+");
  let written = count;
  return {
    write(mark, durable) {
      written++;
      const slot = encodeSlot(mark, written, owner);
      if (writeSync(fd, slot, 0, slot.length, (written % 2) * SECTOR) < slot.length) throw new Error("the mark was written in part");
      if (durable) fdatasyncSync(fd);
    },
    close: () => closeSync(fd),
  };
}

/** The log is opened as one that lost records, until its owner settles that. A log without a mark is one already. Throws LOG_OTHER_OWNER. */
export function declareLost(folder: string, owner: Bytes): void {
  const found = readMark(folder, owner);
  if (found === undefined) return;
  const file = openMark(folder, owner, found.count);
  try {
    file.write({ ...found.mark, lost: true }, true);
  } finally {
    file.close();
  }
}

function encodeSlot({ first, end, known, lost }: Mark, count: number, owner: Bytes): Bytes {
  const fields = concatBytes(MAGIC, u64be(count), u64be(first), u64be(end), u64be(known), Uint8Array.of(lost ? 1 : 0), owner);
  return concatBytes(fields, u32be(crc32c(fields)));
}

function decodeSlot(bytes: Bytes): { mark: Mark; count: number; owner: Bytes } | undefined {
  if (bytes.length < SLOT_BYTES || !equalBytes(bytes.subarray(0, 8), MAGIC)) return undefined;
  const fields = bytes.subarray(0, SLOT_BYTES - 4);
  if (!equalBytes(u32be(crc32c(fields)), bytes.subarray(SLOT_BYTES - 4))) return undefined;
  const mark = { first: readU64be(bytes, 16), end: readU64be(bytes, 24), known: readU64be(bytes, 32), lost: bytes[40] === 1 };
  return { mark, count: readU64be(bytes, 8), owner: fields.slice(41) };
}
