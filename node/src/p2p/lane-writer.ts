/**
 * The sending half of a long-lived stream: a queue bounded in bytes. When it is full the newest frame is refused (`push` is
 * false): what is queued was promised first, and every protocol above repairs loss by asking again. Long frames leave in pieces;
 * between pieces a lane lets the lane before it empty its queue, so a vote never waits for more than one piece of data.
 */

import type { Stream } from "@libp2p/interface";
import type { Bytes } from "@noema/core/ports/bytes";
import { drained } from "./drained.ts";
import { encodeFrame } from "./framing.ts";

const PIECE_BYTES = 64 << 10; // 1 ms at 64 MB/s

export type LaneWriter = {
  push(...parts: readonly Bytes[]): boolean;
  /** Sending starts; frames pushed earlier go first. */
  attach(stream: Stream): void;
  queuedBytes(): number;
  /** Resolves when nothing is queued. */
  idle(): Promise<void>;
  close(): void;
};

export function createLaneWriter(maxQueuedBytes: number, before: LaneWriter | undefined, onError: (error: Error) => void): LaneWriter {
  const queue: Buffer[] = [];
  let queued = 0;
  let stream: Stream | undefined;
  let sending = false;
  let closed = false;
  let idlers: (() => void)[] = [];

  async function send(target: Stream): Promise<void> {
    sending = true;
    for (let frame = queue[0]; frame !== undefined && !closed; frame = queue[0]) {
      for (let at = 0; at < frame.length; at += PIECE_BYTES) {
        if (before !== undefined && before.queuedBytes() > 0) await before.idle();
        if (closed) return;
        if (!target.send(frame.subarray(at, at + PIECE_BYTES))) await drained(target);
      }
      queue.shift();
      queued -= frame.length;
    }
    sending = false;
    wake();
  }
  function wake(): void {
    const waiting = idlers;
    idlers = [];
    for (const resolve of waiting) resolve();
  }
  function start(): void {
    if (stream !== undefined && !sending && !closed && queue.length > 0) send(stream).catch(onError);
  }
  return {
    push(...parts) {
      let length = 4;
      for (const part of parts) length += part.length;
      if (closed || queued + length > maxQueuedBytes) return false;
      queue.push(encodeFrame(...parts));
      queued += length;
      start();
      return true;
    },
    attach(s) {
      stream = s;
      start();
    },
    queuedBytes: () => queued,
    idle: () => (queued === 0 || closed ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
    close() {
      closed = true;
      queue.length = 0;
      queued = 0;
      wake();
    },
  };
}
