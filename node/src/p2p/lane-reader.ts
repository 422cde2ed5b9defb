/** The receiving half of a long-lived stream: frames in order, bounds on frames in work and on their bytes, a deadline for each frame. */

import type { Stream, StreamMessageEvent } from "@libp2p/interface";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import { p2pError } from "./errors.ts";
import { createFrameReader } from "./framing.ts";
import { FRAME_TIMEOUT_MS } from "./protocol.ts";

/** Frames whose handler has not answered, and their bytes; beyond it the peer has to wait. */
const MAX_IN_WORK = 64;
const MAX_HELD_BYTES = 4 << 20; // thirty full batches, or the four largest frames

export type LaneReaderOptions = {
  clock: Clock;
  maxFrame(): number;
  /** Bytes have come, of a frame or a part of one. */
  onBytes?(): void;
  /** Resolves when the frame is dealt with. */
  handle(frame: Bytes): Promise<void> | void;
  onError(error: Error): void;
};

/** The returned function stops reading. */
export function readLane(stream: Stream, o: LaneReaderOptions): () => void {
  let inWork = 0;
  let held = 0;
  let stopped = false;
  let cancelDeadline: (() => void) | undefined;

  const reader = createFrameReader(o.maxFrame, (frame) => {
    clearDeadline();
    const done = stopped ? undefined : o.handle(frame);
    if (done === undefined) return;
    const bytes = frame.length;
    inWork++;
    held += bytes;
    if (isFull()) pause();
    done
      .finally(() => {
        const wasFull = isFull();
        inWork--;
        held -= bytes;
        if (wasFull && !isFull()) resume();
      })
      .catch(o.onError);
  });
  function isFull(): boolean {
    return inWork >= MAX_IN_WORK || held >= MAX_HELD_BYTES;
  }
  function clearDeadline(): void {
    cancelDeadline?.();
    cancelDeadline = undefined;
  }
  /** The deadline runs from a frame's first byte, however many bytes trickle in. */
  function watch(): void {
    if (stopped || !reader.partial()) return;
    cancelDeadline ??= o.clock.after(FRAME_TIMEOUT_MS, () => o.onError(p2pError("P2P_FRAME_SLOW", "a frame was not finished in time")));
  }
  function pause(): void {
    if (stream.readStatus === "readable") stream.pause();
  }
  function resume(): void {
    if (stream.readStatus === "paused" && !stopped) stream.resume();
  }
  const onMessage = (event: StreamMessageEvent) => {
    if (stopped) return;
    o.onBytes?.();
    try {
      reader.push(event.data.subarray());
      watch();
    } catch (error) {
      o.onError(error as Error);
    }
  };
  stream.addEventListener("message", onMessage);
  return () => {
    stopped = true;
    clearDeadline();
    stream.removeEventListener("message", onMessage);
  };
}
