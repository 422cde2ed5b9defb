import { closeSync, openSync, readSync } from "node:fs";
import { filesError } from "./errors.ts";
import { fileError } from "./file-error.ts";

/** A genesis of a million accounts has a hundred. */
const MAX_BYTES = 256 << 20;
const CHUNK_BYTES = 64 << 10;

/**
 * UTF-8, without the byte order mark that editors on Windows put first. What has more than `most` bytes is read no farther: a device has no
 * size and no end. Throws FILE_UNREADABLE.
 */
export function readText(path: string, most = MAX_BYTES): string {
  try {
    return readUpTo(path, most)
      .toString("utf8")
      .replace(/^\ufeff/, "");
  } catch (error) {
    throw fileError("FILE_UNREADABLE", path, error);
  }
}

function readUpTo(path: string, most: number): Buffer {
  const fd = openSync(path, "r");
  try {
    const chunks: Buffer[] = [];
    for (let bytes = 0; ; ) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const read = readSync(fd, chunk);
      if (read === 0) return Buffer.concat(chunks);
      bytes += read;
      if (bytes > most) throw new Error(`it has more than ${most} bytes`);
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    closeSync(fd);
  }
}

/** Throws FILE_UNREADABLE, FILE_NOT_JSON; the message never quotes the text, which may hold keys. */
export function readJson(path: string, most?: number): unknown {
  const text = readText(path, most);
  try {
    return JSON.parse(text);
  } catch {
    throw filesError("FILE_NOT_JSON", `${path} ${text.trim() === "" ? "is empty" : "is not valid JSON"}`, { path });
  }
}
