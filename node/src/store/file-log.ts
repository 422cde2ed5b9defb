/**
 * AppendLog on segment files in one folder. `append` only queues; `sync` writes the queue in one piece and fdatasyncs it in
 * the thread pool. Calls that come while one fsync runs share the next. A segment begins only when the one before it is synced, so
 * only the last can be torn. After a failed write or fsync the log refuses everything: what the disk holds is not known any more,
 * and a second fsync that succeeds would prove nothing.
 */
import { closeSync, existsSync, fdatasync, readdirSync, unlinkSync, write, writeSync } from "node:fs";
import { promisify } from "node:util";
import { concatBytes } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes } from "@noema/core/ports/bytes";
import { makeFolder } from "../files/make-folder.ts";
import { syncPath } from "../files/sync.ts";
import { encodeFrame, FRAME_BYTES, HEADER_BYTES } from "./log-frame.ts";
import { createSegment, framesOf, readFrame, recoverSegments, type Segment } from "./log-segment.ts";

export type FileLogOptions = {
  /** A new file is begun beyond this; dropping works on whole files. */
  segmentBytes?: number;
  maxRecordBytes?: number;
};

const SEGMENT_BYTES = 4 << 20; // a validator's votes of some hours
const MAX_RECORD_BYTES = 4 << 20; // a proposal with its justification has under 1 MiB
const MAX_QUEUE_BYTES = 64 << 20; // nobody appends that much without waiting for a sync, unless the disk hangs

/** Up to this a write into the page cache takes less than the way through the thread pool. */
const SMALL_BYTES = 64 << 10;

const writeAsync = promisify(write);
const fdatasyncAsync = promisify(fdatasync);

/** True when a log was created in this folder before: only a validator whose log is missing has lost it. */
export function fileLogExists(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(".log"));
}

/** Opens or creates. Throws LOG_DAMAGED, LOG_FAILED, FILE_UNWRITABLE. */
export function openFileLog(folder: string, options: FileLogOptions = {}): AppendLog {
  const segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
  const maxRecordBytes = options.maxRecordBytes ?? MAX_RECORD_BYTES;
  const segments = openSegments(folder);
  let queue: [position: number, frame: Bytes][] = [];
  let writing: [position: number, frame: Bytes][] = [];
  let next = (segments.at(-1) as Segment).end;
  let queuedBytes = 0;
  /** The flush that runs or ran last; never rejects. */
  let current: Promise<void> = Promise.resolve();
  /** The flush that begins when `current` ends. */
  let queued: Promise<void> | undefined;
  let failure: NoemaError | undefined;
  let closed = false;

  function check(): void {
    if (failure !== undefined) throw failure;
    if (closed) throw new NoemaError("LOG_FAILED", `${folder}: the log is closed`, { folder });
  }

  async function flush(): Promise<void> {
    check();
    writing = queue;
    queue = [];
    queuedBytes = 0;
    const first = writing[0];
    if (first === undefined) return;
    try {
      const segment = currentSegment(first[0]);
      const bytes = concatBytes(...writing.map(([, frame]) => frame));
      await writeBatch(segment, bytes);
      segment.end += bytes.length;
      writing = [];
    } catch (error) {
      failure = failed(folder, error);
      throw failure;
    }
  }

  function currentSegment(position: number): Segment {
    const last = segments.at(-1) as Segment;
    if (last.end - last.base < segmentBytes) return last;
    const segment = createSegment(folder, position);
    segments.push(segment);
    return segment;
  }

  function sync(): Promise<void> {
    queued ??= current.then(() => {
      queued = undefined;
      const flushed = flush();
      current = flushed.catch(() => {});
      return flushed;
    });
    return queued;
  }

  function unwritten(position: number): Bytes | undefined {
    for (const list of [writing, queue]) for (const [at, frame] of list) if (at === position) return frame.slice(FRAME_BYTES);
    return undefined;
  }

  return {
    append(record) {
      check();
      if (record.length > maxRecordBytes)
        throw new NoemaError("LOG_RECORD_TOO_LARGE", `a record of ${record.length} bytes; the limit is ${maxRecordBytes}`);
      if (queuedBytes + record.length > MAX_QUEUE_BYTES)
        throw new NoemaError("LOG_FAILED", `${folder}: ${queuedBytes} bytes wait for a sync`, { folder });
      const position = next;
      queue.push([position, encodeFrame(position, record)]);
      queuedBytes += record.length;
      next += FRAME_BYTES + record.length;
      return position;
    },
    async sync() {
      check();
      await sync();
    },
    read(position) {
      const segment = segments.findLast((s) => s.base <= position);
      return unwritten(position) ?? (segment && position < segment.end ? readFrame(segment, position) : undefined);
    },
    *replay() {
      for (const segment of [...segments]) yield* framesOf(segment);
      for (const [position, frame] of [...writing, ...queue]) yield [position, frame.slice(FRAME_BYTES)];
    },
    dropBelow(position) {
      while (segments.length > 1 && (segments[0] as Segment).end <= position) {
        const { fd, path } = segments.shift() as Segment;
        closeSync(fd);
        unlinkSync(path);
      }
    },
    async close() {
      if (closed) return;
      try {
        if (failure === undefined) await sync();
      } finally {
        closed = true;
        for (const { fd } of segments) closeSync(fd);
      }
    },
  };
}

function openSegments(folder: string): Segment[] {
  try {
    makeFolder(folder);
    const segments = recoverSegments(folder);
    if (segments.length === 0) segments.push(createSegment(folder, 0));
    syncPath(folder);
    return segments;
  } catch (error) {
    throw error instanceof NoemaError ? error : failed(folder, error);
  }
}

async function writeBatch(segment: Segment, bytes: Bytes): Promise<void> {
  const start = segment.end - segment.base + HEADER_BYTES;
  for (let done = 0; done < bytes.length; ) {
    const place = [bytes, done, bytes.length - done, start + done] as const;
    done += bytes.length <= SMALL_BYTES ? writeSync(segment.fd, ...place) : (await writeAsync(segment.fd, ...place)).bytesWritten;
  }
  await fdatasyncAsync(segment.fd);
}

function failed(folder: string, error: unknown): NoemaError {
  return new NoemaError("LOG_FAILED", `${folder}: ${error instanceof Error ? error.message : error}`, { folder }, error);
}
