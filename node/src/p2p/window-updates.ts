/**
 * Window updates of yamux that can wait. The library answers every data frame with one, so that each frame costs its receiver a write
 * and its sender a read. Until half of the smallest window is used up nobody waits for one: it goes with whatever is written next.
 */
import type { Bytes } from "@noema/core/ports/bytes";

/** A header of yamux: u8 version, u8 type, u16be flags, u32be stream, u32be length. */
const HEADER_BYTES = 12;
const WINDOW_UPDATE = 1;
/** Half of the 256 KiB that every stream begins with (yamux, "Flow Control"). */
const HELD_BYTES = 128 << 10;

export type WindowUpdates = {
  /** False: it is something else, or its peer may be waiting for it. */
  hold(part: Bytes): boolean;
  /** What is held, one for each stream. */
  take(): Bytes[];
};

export function createWindowUpdates(): WindowUpdates {
  /** By stream, the bytes it may send again. */
  const held = new Map<number, number>();
  return {
    hold(part) {
      if (!isWindowUpdate(part)) return false;
      const view = new DataView(part.buffer, part.byteOffset, part.length);
      const stream = view.getUint32(4);
      const sum = (held.get(stream) ?? 0) + view.getUint32(8);
      if (sum >= HELD_BYTES) return false;
      held.set(stream, sum);
      return true;
    },
    take() {
      const parts = [...held].map(([stream, length]) => encode(stream, length));
      held.clear();
      return parts;
    },
  };
}

/** One that opens, ends or resets a stream carries a flag. */
function isWindowUpdate(part: Bytes): boolean {
  return part.length === HEADER_BYTES && part[0] === 0 && part[1] === WINDOW_UPDATE && part[2] === 0 && part[3] === 0;
}

function encode(stream: number, length: number): Bytes {
  const part = new Uint8Array(HEADER_BYTES);
  part[1] = WINDOW_UPDATE;
  const view = new DataView(part.buffer);
  view.setUint32(4, stream);
  view.setUint32(8, length);
  return part;
}
