/** One file of a log, and the recovery of them all. Everything here is synchronous: it runs at open and on rare reads. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readdirSync, readSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { syncPath } from "../files/sync.ts";
import { decodeFrame, decodeHeader, encodeHeader, FRAME_BYTES, HEADER_BYTES } from "./log-frame.ts";

/** `end` is the position behind the last frame written. */
export type Segment = { path: string; fd: number; base: number; end: number };

/** The file and its name in the directory are durable when this returns. */
export function createSegment(folder: string, base: number): Segment {
  const path = join(folder, `${String(base).padStart(16, "0")}.log`);
  const fd = openSync(path, "wx+", 0o600);
  writeSync(fd, encodeHeader(base));
  fsyncSync(fd);
  syncPath(folder);
  return { path, fd, base, end: base };
}

/** Opens what is there, oldest first, and cuts a torn tail off the last one. Throws LOG_DAMAGED. */
export function recoverSegments(folder: string): Segment[] {
  const names = readdirSync(folder)
    .filter((name) => /^\d{16}\.log$/.test(name))
    .sort();
  const segments: Segment[] = [];
  for (const [i, name] of names.entries()) {
    const isLast = i === names.length - 1;
    const segment = recover(join(folder, name), Number(name.slice(0, 16)), isLast);
    if (segment === undefined) continue;
    const before = segments.at(-1);
    if (before !== undefined && before.end !== segment.base) throw damaged(segment.path, `starts at ${segment.base}, not ${before.end}`);
    segments.push(segment);
  }
  return segments;
}

function recover(path: string, base: number, isLast: boolean): Segment | undefined {
  const fd = openSync(path, "r+");
  const bytes = readAll(fd);
  if (decodeHeader(bytes) !== base) {
    closeSync(fd);
    // a crash during rotation: the header is made durable before the first frame is written
    if (!isLast || bytes.length > HEADER_BYTES) throw damaged(path, "has a wrong header");
    unlinkSync(path);
    return undefined;
  }
  const end = validEnd(bytes, base);
  if (base + bytes.length - HEADER_BYTES !== end) {
    if (!isLast) throw damaged(path, `does not verify at position ${end}`);
    ftruncateSync(fd, end - base + HEADER_BYTES);
    fsyncSync(fd);
  }
  return { path, fd, base, end };
}

/** The position behind the last frame that verifies. */
function validEnd(bytes: Bytes, base: number): number {
  let offset = HEADER_BYTES;
  for (;;) {
    const record = decodeFrame(bytes, offset, base + offset - HEADER_BYTES);
    if (record === undefined) return base + offset - HEADER_BYTES;
    offset += FRAME_BYTES + record.length;
  }
}

export function* framesOf(segment: Segment): Iterable<[position: number, record: Bytes]> {
  const bytes = readAll(segment.fd);
  const { base, end } = segment;
  for (let position = base; position < end; ) {
    const record = decodeFrame(bytes, position - base + HEADER_BYTES, position);
    if (record === undefined) throw damaged(segment.path, `does not verify at position ${position}`);
    yield [position, Uint8Array.from(record)];
    position += FRAME_BYTES + record.length;
  }
}

/** undefined when no frame starts there. */
export function readFrame(segment: Segment, position: number): Bytes | undefined {
  const head = readAt(segment.fd, position - segment.base + HEADER_BYTES, FRAME_BYTES);
  if (head.length < FRAME_BYTES) return undefined;
  const length = head.readUInt32BE(0);
  if (length > segment.end - position - FRAME_BYTES) return undefined;
  const frame = readAt(segment.fd, position - segment.base + HEADER_BYTES, FRAME_BYTES + length);
  const record = decodeFrame(frame, 0, position);
  return record && new Uint8Array(record);
}

function readAll(fd: number): Buffer {
  return readAt(fd, 0, fstatSync(fd).size);
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const out = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const n = readSync(fd, out, done, length - done, offset + done);
    if (n === 0) break;
    done += n;
  }
  return out.subarray(0, done);
}

function damaged(path: string, what: string): NoemaError {
  return new NoemaError("LOG_DAMAGED", `${path} ${what}`, { path });
}
