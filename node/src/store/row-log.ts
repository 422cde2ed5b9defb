/**
 * Rows of one bucket in segment files (log-frame.ts). The index is what the catalog remembers, position by position, and a position
 * is a file's name and an offset: so nothing is read at open, and no mark says what must be there. A frame that does not verify, a file
 * that is cut, gone or unreadable is an erasure of the rows in it and of no others; nothing is appended to that file any more.
 */
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Bytes } from "@noema/core/ports/bytes";
import type { RowLog } from "@noema/da-layer/blob/row-store";
import { makeFolder } from "../files/make-folder.ts";
import { storeError } from "./errors.ts";
import type { FilePool } from "./file-pool.ts";
import { createFrameFormat, encodeHeader, FRAME_BYTES, HEADER_BYTES } from "./log-frame.ts";
import { encodeOwner, type LogOwner } from "./log-owner.ts";
import { SEGMENT_NAME, segmentName } from "./log-segment.ts";
import { isNoRoom } from "./no-room.ts";

/** `aside`: nothing is appended to it any more. `failed`: of a write or sync; what the disk holds of it since then is not known. */
type Segment = { path: string; base: number; end: number; aside: boolean; failed: boolean };

export type RowLogOptions = { segmentBytes?: number };

const SEGMENT_BYTES = 4 << 20;
/** A row record, 131,458 bytes at most; what is longer takes a second read. */
const FIRST_READ = FRAME_BYTES + (132 << 10);

/** Opens or creates. `above`: records to come get positions from there on, so that none is taken for an earlier one. Throws LOG_FAILED, DISK_FULL: that record alone is not kept. */
export async function openRowLog(
  folder: string,
  owner: LogOwner,
  name: string,
  above: number,
  files: FilePool,
  { segmentBytes = SEGMENT_BYTES }: RowLogOptions = {},
): Promise<RowLog> {
  const encodedOwner = encodeOwner(owner, name);
  const format = createFrameFormat(encodedOwner);
  const segments = await list(folder);
  let next = Math.max(above, ...segments.slice(-1).map(({ end }) => end));
  let current: Segment | undefined;
  let appending: Promise<unknown> = Promise.resolve();

  async function segmentFor(bytes: number): Promise<Segment> {
    if (current !== undefined && !current.aside && current.end + bytes <= current.base + segmentBytes) return current;
    const segment = { path: join(folder, segmentName(next)), base: next, end: next, aside: false, failed: false };
    await writeDurably(segment.path, encodeHeader(next, encodedOwner));
    await syncPath(folder);
    segments.push(segment);
    current = segment;
    return segment;
  }

  async function appendNow(record: Bytes): Promise<number> {
    const bytes = FRAME_BYTES + record.length;
    try {
      const segment = await segmentFor(bytes);
      const position = segment.end;
      segment.end += bytes;
      next = segment.end;
      try {
        const frame = format.encode(position, position, record);
        await files.use(segment.path, async (file) => {
          for (let done = 0; done < bytes; )
            done += (await file.write(frame, done, bytes - done, position - segment.base + HEADER_BYTES + done)).bytesWritten;
        });
      } catch (error) {
        fail(segment);
        throw error;
      }
      return position;
    } catch (error) {
      throw failed(folder, error);
    }
  }

  const segmentAt = (position: number) => segments.findLast(({ base }) => base <= position);

  async function readFrame(segment: Segment, position: number): Promise<Bytes | undefined> {
    const offset = position - segment.base + HEADER_BYTES;
    const read = (length: number) =>
      files.use(segment.path, async (file) => {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      });
    const first = await read(FIRST_READ);
    const length = first.length < FRAME_BYTES ? 0 : FRAME_BYTES + first.readUInt32BE(0);
    if (length <= FIRST_READ || length > segmentBytes) return format.record(first, 0, position);
    return format.record(await read(length), 0, position);
  }

  return {
    append(record) {
      const appended = appending.then(() => appendNow(record));
      appending = appended.catch(() => {});
      return appended;
    },
    async sync(positions) {
      const touched = new Set(positions.map(segmentAt));
      await Promise.all(
        [...touched].map(async (segment) => {
          try {
            if (segment === undefined || segment.failed) throw new Error("an earlier write or sync failed");
            await files.use(segment.path, (file) => file.datasync());
          } catch (error) {
            if (segment !== undefined) fail(segment);
            throw failed(folder, error);
          }
        }),
      );
    },
    async read(position) {
      const segment = segmentAt(position);
      if (segment === undefined) return undefined;
      const record = await readFrame(segment, position).catch(() => undefined);
      if (record === undefined) segment.aside = true;
      return record;
    },
    async close() {
      await appending;
      await files.release(segments.map(({ path }) => path));
    },
  };
}

/** Only the last one's size is asked for: nothing is appended to what an earlier process left. */
async function list(folder: string): Promise<Segment[]> {
  try {
    makeFolder(folder);
    const names = (await readdir(folder)).filter((name) => SEGMENT_NAME.test(name)).sort();
    const segments = names.map((name) => {
      const base = Number.parseInt(name, 10);
      return { path: join(folder, name), base, end: base, aside: true, failed: false };
    });
    const last = segments.at(-1);
    if (last !== undefined) last.end += (await stat(last.path)).size; // with the header: above all that can be in it
    return segments;
  } catch (error) {
    throw failed(folder, error);
  }
}

/** Over what a creation that failed has left. */
async function writeDurably(path: string, bytes: Bytes): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.write(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function fail(segment: Segment): void {
  segment.aside = true;
  segment.failed = true;
}

function failed(folder: string, error: unknown) {
  return storeError(
    isNoRoom(error) ? "DISK_FULL" : "LOG_FAILED",
    `${folder}: ${error instanceof Error ? error.message : error}`,
    { folder },
    error,
  );
}
