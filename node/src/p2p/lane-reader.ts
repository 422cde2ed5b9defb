/** The receiving half of a long-lived stream: frames in order, a bound on frames in work, a deadline for each frame. */

import type { Stream, StreamMessageEvent } from "@libp2p/interface";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import { p2pError } from "./errors.ts";
import { createFrameReader } from "./framing.ts";
import { FRAME_TIMEOUT_MS } from "./protocol.ts";

const MAX_IN_WORK = 64; // frames whose handler has not answered; beyond it the peer has to wait

export type LaneReaderOptions = {
  clock: Clock;
  maxFrame(): number;
  /** Resolves when the frame is dealt with. */
  handle(frame: Bytes): Promise<void> | void;
  onError(error: Error): void;
};

/** The returned function stops reading. */
export function readLane(stream: Stream, o: LaneReaderOptions): () => void {
  let inWork = 0;
  let stopped = false;
  let cancelDeadline: (() => void) | undefined;

  const reader = createFrameReader(o.maxFrame, (frame) => {
    clearDeadline();
    const done = stopped ? undefined : o.handle(frame);
    if (done === undefined) return;
    if (++inWork === MAX_IN_WORK) pause();
    done
      .finally(() => {
        if (inWork-- === MAX_IN_WORK) resume();
      })
      .catch(o.onError);
  });
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
