/**
 * Opening a log. What a crash can leave is a torn tail: bytes at the very end that were never synced, in any state, since a disk writes
 * the pages of one write in any order. It is cut, and nothing of it was ever acknowledged. Everything else that is not as
 * it was written is a loss, and said: a bad frame below the mark's `end`, or before a segment that began later, or before a frame
 * whose batch says that it was durable; a gap between segments; a first or newest segment that is missing; a mark that is.
 * A lost log keeps what still verifies where it lies, and goes on in a new segment above all positions there were.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readdirSync, unlinkSync } from "node:fs";
import { basename, join } from "node:path";
import type { Bytes } from "@noema/core/ports/bytes";
import { storeError } from "./errors.ts";
import { decodeHeader, FRAME_BYTES, type FrameFormat, HEADER_BYTES, type Head, isOldHeader } from "./log-frame.ts";
import { createMark, type Mark, type MarkFile, openMark, readMark } from "./log-mark.ts";
import { requireOwner } from "./log-owner.ts";
import { createSegment, type Run, readAll, SEGMENT_NAME, type Segment } from "./log-segment.ts";

export type Recovered = { segments: Segment[]; mark: Mark; file: MarkFile; loss: string | undefined };

/** Losses named in the message; the others are counted. */
const MAX_NAMED = 4;

/**
 * @param expected a log was begun here before, so an empty folder has lost it
 * Throws LOG_OTHER_OWNER, LOG_OLD_VERSION, and what the system throws.
 */
export function recoverLog(folder: string, owner: Bytes, format: FrameFormat, expected: boolean): Recovered {
  const names = readdirSync(folder)
    .filter((name) => SEGMENT_NAME.test(name))
    .sort();
  const found = readMark(folder, owner);
  if (names.length === 0 && (found === undefined || found.mark.end === 0)) return begin(folder, owner, found?.mark.lost ?? expected);

  const losses: string[] = found === undefined ? ["the mark is missing or damaged"] : [];
  const old = found?.mark ?? { first: 0, end: 0, known: 0, lost: false };
  const note = (what: string, to: number) => void (to > old.known && losses.push(what));
  const segments: Segment[] = [];
  let reached = Math.min(old.first, baseOf(names[0]) ?? old.first);
  for (const [i, name] of names.entries()) {
    const next = baseOf(names[i + 1]);
    if (next !== undefined && next <= old.first) {
      unlinkSync(join(folder, name)); // dropped, but for a crash
      reached = next;
      continue;
    }
    const segment = recoverSegment(join(folder, name), baseOf(name) as number, next, { owner, format, mark: old, note });
    if (segment === undefined) continue;
    if (segment.base > Math.max(reached, old.first)) note(`positions ${reached} to ${segment.base} are missing`, segment.base);
    reached = segment.end;
    segments.push(segment);
  }
  if (reached < old.end) note(`positions ${reached} to ${old.end} are missing`, old.end);

  let mark = { ...old, end: Math.max(old.end, reached) };
  if (losses.length > 0) mark = { ...mark, known: mark.end, lost: true };
  const file = found === undefined ? createMark(folder, owner, mark) : openMark(folder, owner, found.count);
  file.write(mark, true); // before anything is written above the loss
  const last = segments.at(-1);
  const goesOn = last !== undefined && (last.base === mark.end || (losses.length === 0 && last.end === mark.end && endsWhole(last)));
  if (!goesOn) segments.push(createSegment(folder, mark.end, owner));
  return { segments, mark, file, loss: mark.lost ? describe(losses) : undefined };
}

function begin(folder: string, owner: Bytes, lost: boolean): Recovered {
  const mark = { first: 0, end: 0, known: 0, lost };
  const file = createMark(folder, owner, mark);
  return { segments: [createSegment(folder, 0, owner)], mark, file, loss: lost ? "the log is missing" : undefined };
}

function describe(losses: readonly string[]): string {
  if (losses.length === 0) return "known before: damaged at an earlier start, or the key or a snapshot came from elsewhere";
  const more = losses.length - MAX_NAMED;
  return losses.slice(0, MAX_NAMED).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

function baseOf(name: string | undefined): number | undefined {
  return name === undefined ? undefined : Number(name.slice(0, 16));
}

/** Appending behind a damaged frame would join what comes to what is lost. */
function endsWhole(segment: Segment): boolean {
  return segment.runs.at(-1)?.to === segment.end;
}

type Context = { owner: Bytes; format: FrameFormat; mark: Mark; note(what: string, to: number): void };

function recoverSegment(path: string, base: number, next: number | undefined, context: Context): Segment | undefined {
  const { owner, mark, note } = context;
  const fd = openSync(path, "r+");
  try {
    const bytes = readAll(fd);
    const header = decodeHeader(bytes);
    if (header !== undefined) requireOwner(path, header.owner, owner);
    else if (isOldHeader(bytes)) {
      const message = `${path} was written by an earlier version, which did not bind it to a validator's key: a devnet begins anew with --fresh`;
      throw storeError("LOG_OLD_VERSION", message, { path });
    } else if (next === undefined && base >= mark.end && bytes.length <= HEADER_BYTES) {
      // a crash as it was made: the header is durable before the first frame is written
      closeSync(fd);
      unlinkSync(path);
      return undefined;
    }
    if (header?.base !== base) note(`${basename(path)} has a damaged header`, next ?? Number.POSITIVE_INFINITY);
    const written = base + Math.max(0, bytes.length - HEADER_BYTES);
    const limit = Math.min(next ?? written, written);
    const segment: Segment = { path, fd, base, end: limit, runs: [] };
    scan(segment, bytes.subarray(0, limit - base + HEADER_BYTES), next === undefined, context);
    return segment;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Finds the runs of good frames; cuts a torn tail. */
function scan(segment: Segment, bytes: Bytes, isLast: boolean, { format, mark, note }: Context): void {
  const { base, end, runs, path, fd } = segment;
  const offsetOf = (position: number) => position - base + HEADER_BYTES;
  let run: Run = { from: base, to: base };
  let heads: (Head & { position: number })[] | undefined;
  runs.push(run);
  while (run.to < end) {
    const record = format.record(bytes, offsetOf(run.to), run.to);
    if (record !== undefined) {
      run.to += FRAME_BYTES + record.length;
      continue;
    }
    const bad = run.to;
    heads ??= headsAfter(bad, end, (position) => format.head(bytes, offsetOf(position), position));
    const isTorn = isLast && bad >= mark.end && bad >= mark.known && !heads.some((head) => head.batchStart > bad);
    if (isTorn) {
      ftruncateSync(fd, offsetOf(bad));
      fsyncSync(fd);
      segment.end = bad;
      return;
    }
    const good = heads.find(({ position }) => position > bad && format.record(bytes, offsetOf(position), position) !== undefined);
    const upTo = good?.position ?? end;
    note(`${basename(path)} does not verify at positions ${bad} to ${upTo}`, upTo);
    if (good === undefined) return;
    run = { from: upTo, to: upTo };
    runs.push(run);
  }
}

/** Frames' heads that verify above a bad frame, wherever they stand. */
function headsAfter(bad: number, end: number, headAt: (position: number) => Head | undefined): (Head & { position: number })[] {
  const found: (Head & { position: number })[] = [];
  for (let position = bad + 1; position + FRAME_BYTES <= end; position++) {
    const head = headAt(position);
    if (head !== undefined) found.push({ ...head, position });
  }
  return found;
}
