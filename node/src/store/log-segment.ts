/** One file of a log. Everything here is synchronous: it runs at open and on rare reads. */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Bytes } from "@noema/core/ports/bytes";
import { syncPath } from "../files/sync.ts";
import { storeError } from "./errors.ts";
import { encodeHeader, FRAME_BYTES, type FrameFormat, HEADER_BYTES } from "./log-frame.ts";

/** Positions from .. to that hold frames without a gap. */
export type Run = { from: number; to: number };
/** `end` is the position behind what was written, good or damaged. */
export type Segment = { path: string; fd: number; base: number; end: number; runs: Run[] };

export const SEGMENT_NAME = /^\d{16}\.log$/;

export function segmentName(base: number): string {
  return `${String(base).padStart(16, "0")}.log`;
}

/** The file and its name in the directory are durable when this returns; one that could not be made is gone. */
export function createSegment(folder: string, base: number, owner: Bytes): Segment {
  const path = join(folder, segmentName(base));
  const fd = openSync(path, "wx+", 0o600);
  try {
    const header = encodeHeader(base, owner);
    for (let done = 0; done < header.length; ) done += writeSync(fd, header, done);
    fsyncSync(fd);
    syncPath(folder);
  } catch (error) {
    closeSync(fd);
    unlinkSync(path);
    throw error;
  }
  return { path, fd, base, end: base, runs: [{ from: base, to: base }] };
}

/** Frames have been written behind the last one. */
export function extend(segment: Segment, bytes: number): void {
  segment.end += bytes;
  (segment.runs.at(-1) as Run).to = segment.end;
}

/** Throws LOG_DAMAGED where a frame does not verify that did when the log was opened. */
export function* framesOf(segment: Segment, format: FrameFormat): Iterable<[position: number, record: Bytes]> {
  const bytes = readAll(segment.fd);
  for (const { from, to } of segment.runs)
    for (let position = from; position < to; ) {
      const record = format.record(bytes, position - segment.base + HEADER_BYTES, position);
      if (record === undefined)
        throw storeError("LOG_DAMAGED", `${segment.path} does not verify at position ${position} any more`, { path: segment.path });
      yield [position, Uint8Array.from(record)];
      position += FRAME_BYTES + record.length;
    }
}

/** undefined when no good frame starts there. */
export function readFrame(segment: Segment, format: FrameFormat, position: number): Bytes | undefined {
  const offset = position - segment.base + HEADER_BYTES;
  const length = readAt(segment.fd, offset, FRAME_BYTES);
  if (length.length < FRAME_BYTES || length.readUInt32BE(0) > segment.end - position - FRAME_BYTES) return undefined;
  const record = format.record(readAt(segment.fd, offset, FRAME_BYTES + length.readUInt32BE(0)), 0, position);
  return record && new Uint8Array(record);
}

export function readAll(fd: number): Buffer {
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
