/** Room on the disk that blobs share with votes and state: what is kept for those is never given to blobs. */
import type { Metrics } from "@noema/core/ports/metrics";
import { daError } from "../errors.ts";

export type DiskRoom = {
  /** Asks the disk anew; what `check` says is of the last answer. */
  look(): Promise<void>;
  /** Throws DA_DISK_FULL where so many bytes more would reach into the reserve. */
  check(bytes: number): void;
  /** Counts what is about to be written, which the disk does not show yet; returns how to end that. */
  take(bytes: number): () => void;
};

/** @param free bytes that the disk still has. @param reserve bytes of it that blobs leave. */
export function createDiskRoom(free: () => Promise<number>, reserve: number, metrics: Metrics): DiskRoom {
  let last = Number.POSITIVE_INFINITY;
  let taken = 0;
  const refused = metrics.counter("noema_da_disk_refused_total", "Blobs neither published nor signed for want of room on the disk");
  metrics.gauge("noema_da_disk_room_bytes", "Bytes that blobs may still take, as of the last one; -1: none was looked at", () =>
    last === Number.POSITIVE_INFINITY ? -1 : Math.max(0, last - reserve - taken),
  );
  return {
    async look() {
      last = await free();
    },
    check(bytes) {
      if (last - reserve - taken >= bytes) return;
      refused();
      throw daError("DA_DISK_FULL", `${bytes} bytes would reach into the ${reserve} that are kept for votes and state`, { bytes, reserve });
    },
    take(bytes) {
      taken += bytes;
      return () => {
        taken -= bytes;
      };
    },
  };
}
