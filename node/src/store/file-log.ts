/**
 * AppendLog on segment files in one folder, bound to its owner. `append` only queues; `sync` writes the queue in one piece and
 * fdatasyncs it in the thread pool. Calls that come while one fsync runs share the next. A segment begins only when the one before
 * it is synced, so only the last can be torn. What the log must hold stands in its mark (log-mark.ts); what recovery misses is told as
 * `loss`. Where there is no room (room.ts) a sync waits and then writes all that it covers again. After another failure of a write or
 * fsync the log refuses everything: what the disk holds is not known any more, and a second fsync that succeeds would prove nothing.
 */
import { closeSync, fdatasync, unlinkSync, write, writeSync } from "node:fs";
import { promisify } from "node:util";
import { concatBytes } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes } from "@noema/core/ports/bytes";
import { makeFolder } from "../files/make-folder.ts";
import { syncPath } from "../files/sync.ts";
import { storeError } from "./errors.ts";
import { createFrameFormat, type FrameFormat, HEADER_BYTES } from "./log-frame.ts";
import { encodeOwner, type LogOwner } from "./log-owner.ts";
import { createLogQueue, type Entry } from "./log-queue.ts";
import { type Recovered, recoverLog } from "./log-recovery.ts";
import { createSegment, extend, framesOf, readFrame, type Segment } from "./log-segment.ts";
import { endless, type Room } from "./room.ts";
import { sharedFlush } from "./shared-flush.ts";

export type FileLogOptions = {
  /** A log was begun here before: a folder without one has lost it. */
  expected?: boolean;
  /** A new file is begun beyond this; dropping works on whole files. */
  segmentBytes?: number;
  maxRecordBytes?: number;
  /** Hears of each fdatasync of records. */
  onSync?(): void;
  /** On its disk; without one a full disk is a failure like others. */
  room?: Room;
};

const SEGMENT_BYTES = 4 << 20; // a validator's votes of some hours
const MAX_RECORD_BYTES = 4 << 20; // a proposal with its justification has under 1 MiB
const MAX_QUEUE_BYTES = 64 << 20; // nobody appends that much without waiting for a sync, unless the disk hangs

/** Up to this a write into the page cache takes less than the way through the thread pool. */
const SMALL_BYTES = 64 << 10;
/** Checksums of so much take 2 ms: the rows of an object, 13 MB, in one piece held up the votes of a node by 60. */
const PART_BYTES = 512 << 10;

const writeAsync = promisify(write);
const fdatasyncAsync = promisify(fdatasync);

/** Opens or creates the log `name` of `owner`. Throws LOG_OTHER_OWNER, LOG_OLD_VERSION, LOG_FAILED, FILE_UNWRITABLE; `replay` LOG_DAMAGED. */
export function openFileLog(folder: string, owner: LogOwner, name: string, options: FileLogOptions = {}): AppendLog {
  const segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
  const maxRecordBytes = options.maxRecordBytes ?? MAX_RECORD_BYTES;
  const room = options.room ?? endless;
  const encodedOwner = encodeOwner(owner, name);
  const format = createFrameFormat(encodedOwner);
  const recovered = open(folder, encodedOwner, format, options.expected === true);
  const { segments, file } = recovered;
  let { mark, loss } = recovered;
  const queue = createLogQueue((segments.at(-1) as Segment).end);
  const sync = sharedFlush(flush);
  let failure: NoemaError | undefined;
  let closed = false;

  function check(): void {
    if (failure !== undefined) throw failure;
    if (closed) throw storeError("LOG_FAILED", `${folder}: the log is closed`, { folder });
  }

  async function flush(): Promise<void> {
    check();
    const writing = queue.take();
    if (writing.length === 0) return;
    try {
      await room.write(() => writeOut(writing));
      queue.written();
    } catch (error) {
      failure = failed(folder, error);
      throw failure;
    }
  }

  /** The segment ends where it did before, unless all of it succeeds: what a failed attempt left behind that is written over. */
  async function writeOut(writing: readonly Entry[]): Promise<void> {
    const from = (writing[0] as Entry)[0];
    const segment = currentSegment(from);
    const written = await writeBatch(segment, writing, ([position, record]) => format.encode(position, from, record));
    options.onSync?.();
    setMark({ end: segment.end + written }, false);
    extend(segment, written);
  }

  function currentSegment(position: number): Segment {
    const last = segments.at(-1) as Segment;
    if (last.end - last.base < segmentBytes) return last;
    const segment = createSegment(folder, position, encodedOwner);
    segments.push(segment);
    return segment;
  }

  function setMark(change: Partial<typeof mark>, durable: boolean): void {
    const changed = { ...mark, ...change };
    file.write(changed, durable);
    mark = changed;
  }

  /** The mark goes first: a segment that it names is missed. */
  function dropSegments(change: Partial<typeof mark>): void {
    try {
      setMark(change, true);
      while (segments.length > 1 && (segments[0] as Segment).end <= mark.first) {
        const { fd, path } = segments.shift() as Segment;
        closeSync(fd);
        unlinkSync(path);
      }
    } catch (error) {
      failure = failed(folder, error);
      throw failure;
    }
  }

  return {
    get loss() {
      return loss;
    },
    settle(from = 0) {
      check();
      dropSegments({ lost: false, first: Math.max(mark.first, from) });
      loss = undefined;
    },
    append(record) {
      check();
      if (record.length > maxRecordBytes)
        throw storeError("LOG_RECORD_TOO_LARGE", `a record of ${record.length} bytes; the limit is ${maxRecordBytes}`);
      if (queue.bytes() + record.length > MAX_QUEUE_BYTES)
        throw storeError("LOG_FAILED", `${folder}: ${queue.bytes()} bytes wait for a sync`, { folder });
      return queue.push(record);
    },
    async sync() {
      check();
      await sync();
    },
    read(position) {
      if (position < mark.first) return undefined;
      const segment = segments.findLast((s) => s.base <= position);
      return queue.find(position) ?? (segment && position < segment.end ? readFrame(segment, format, position) : undefined);
    },
    *replay() {
      const from = mark.first;
      for (const segment of [...segments]) for (const frame of framesOf(segment, format)) if (frame[0] >= from) yield frame;
      yield* queue.all();
    },
    dropBelow(position) {
      const kept = segments.findIndex((segment, i) => segment.end > position || i === segments.length - 1);
      if (kept > 0) dropSegments({ first: Math.max(mark.first, (segments[kept] as Segment).base) });
    },
    async close() {
      if (closed) return;
      try {
        if (failure === undefined) await sync();
        if (failure === undefined) setMark({}, true);
      } finally {
        closed = true;
        file.close();
        for (const { fd } of segments) closeSync(fd);
      }
    },
  };
}

function open(folder: string, owner: Bytes, format: FrameFormat, expected: boolean): Recovered {
  try {
    makeFolder(folder);
    const recovered = recoverLog(folder, owner, format, expected);
    syncPath(folder);
    return recovered;
  } catch (error) {
    throw error instanceof NoemaError ? error : failed(folder, error);
  }
}

/** Resolves with the bytes of all frames once they are durable. */
async function writeBatch(segment: Segment, entries: readonly Entry[], encode: (entry: Entry) => Bytes): Promise<number> {
  const start = segment.end - segment.base + HEADER_BYTES;
  let end = start;
  for (const part of partsOf(entries)) {
    const bytes = concatBytes(...part.map(encode));
    for (let done = 0; done < bytes.length; ) {
      const place = [bytes, done, bytes.length - done, end + done] as const;
      done += bytes.length <= SMALL_BYTES ? writeSync(segment.fd, ...place) : (await writeAsync(segment.fd, ...place)).bytesWritten;
    }
    end += bytes.length;
  }
  await fdatasyncAsync(segment.fd);
  return end - start;
}

/** Of PART_BYTES, and a record more. */
function* partsOf(entries: readonly Entry[]): Iterable<readonly Entry[]> {
  let from = 0;
  let bytes = 0;
  for (const [i, [, record]] of entries.entries()) {
    bytes += record.length;
    if (bytes < PART_BYTES && i < entries.length - 1) continue;
    yield entries.slice(from, i + 1);
    from = i + 1;
    bytes = 0;
  }
}

function failed(folder: string, error: unknown): NoemaError {
  if (error instanceof NoemaError) return error;
  return storeError("LOG_FAILED", `${folder}: ${error instanceof Error ? error.message : error}`, { folder }, error);
}
