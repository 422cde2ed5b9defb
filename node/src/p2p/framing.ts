/** u32be length || bytes. The reader allocates only after it has checked the length, and asks for a deadline while a frame is partial. */
import type { Bytes } from "@noema/core/ports/bytes";
import { p2pError } from "./errors.ts";

export function encodeFrame(...parts: readonly Bytes[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = Buffer.allocUnsafe(4 + length);
  out.writeUInt32BE(length);
  let at = 4;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export type FrameReader = {
  /** Calls `onFrame` for each frame that is complete; throws P2P_FRAME_TOO_LARGE. */
  push(bytes: Bytes): void;
  /** True while a frame has begun and not ended. */
  partial(): boolean;
};

/** `maxFrame` is read for each frame. A frame given to `onFrame` is only valid during the call. */
export function createFrameReader(maxFrame: () => number, onFrame: (frame: Bytes) => void): FrameReader {
  const head = new Uint8Array(4);
  let headed = 0;
  let body: Uint8Array | undefined;
  let filled = 0;

  function begin(): void {
    const length = new DataView(head.buffer).getUint32(0);
    if (length > maxFrame()) throw p2pError("P2P_FRAME_TOO_LARGE", `a frame of ${length} bytes; the limit is ${maxFrame()}`, { length });
    body = new Uint8Array(length);
    filled = 0;
  }
  return {
    push(bytes) {
      let at = 0;
      for (;;) {
        if (body === undefined) {
          while (headed < 4 && at < bytes.length) head[headed++] = bytes[at++] as number;
          if (headed < 4) return;
          begin();
        }
        const target = body as unknown as Uint8Array;
        const part = bytes.subarray(at, at + target.length - filled);
        target.set(part, filled);
        at += part.length;
        filled += part.length;
        if (filled < target.length) return;
        body = undefined;
        headed = 0;
        onFrame(target);
      }
    },
    partial: () => headed > 0,
  };
}
