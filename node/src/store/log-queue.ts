/** What is appended to a log and not yet written, by position. */
import type { Bytes } from "@noema/core/ports/bytes";
import { FRAME_BYTES } from "./log-frame.ts";

export type Entry = readonly [position: number, record: Bytes];

export type LogQueue = {
  /** Of the records that wait to be taken. */
  bytes(): number;
  /** Its position. The record is copied. */
  push(record: Bytes): number;
  /** What waits, to be written now; it stays to be read until it is `written`. */
  take(): readonly Entry[];
  written(): void;
  /** A copy. */
  find(position: number): Bytes | undefined;
  /** Copies, in order. */
  all(): [position: number, record: Bytes][];
};

/** `next`: the position of the first record. */
export function createLogQueue(next: number): LogQueue {
  let waiting: Entry[] = [];
  let writing: Entry[] = [];
  let bytes = 0;
  const copies = (entries: readonly Entry[]) => entries.map(([position, record]): [number, Bytes] => [position, record.slice()]);
  return {
    bytes: () => bytes,
    push(record) {
      const position = next;
      waiting.push([position, Uint8Array.from(record)]);
      bytes += record.length;
      next += FRAME_BYTES + record.length;
      return position;
    },
    take() {
      writing = waiting;
      waiting = [];
      bytes = 0;
      return writing;
    },
    written() {
      writing = [];
    },
    find: (position) => [writing, waiting].flatMap((x) => copies(x.filter(([at]) => at === position)))[0]?.[1],
    all: () => copies([...writing, ...waiting]),
  };
}
