/**
 * Room on the disk for what a node must not lose. Below a reserve nothing is written any more: votes, blocks and state wait, each where its
 * fsync would be, so nothing leaves that rests on it; and they go on when there is room. The reserve is for the stop, and for what
 * came between the look and the write. A write that finds no room all the same (a quota, another process that was faster) waits as well:
 * whoever makes it must be able to make it again, whole.
 */
import { setTimeout } from "node:timers/promises";
import { storeError } from "./errors.ts";
import { bytesFree, isNoRoom } from "./no-room.ts";

export type Room = {
  /** Why nothing is written now, in words. undefined: there is room. Asks the disk. */
  lack(): string | undefined;
  /** Begins `write` as soon as there is room, and again where there was none for it. Throws DISK_FULL once ended, and what `write` throws. */
  write<T>(write: () => Promise<T>): Promise<T>;
  /** Of the writes that were under way since the last call, how long the slowest took, or takes; without what waits for room. */
  slowestMs(): number;
  /** The node stops: whatever waits is tried once more, into the reserve. */
  end(): void;
};

export type RoomOptions = {
  /** Of the disk. */
  free?: () => number;
  retryMs?: number;
};

const RETRY_MS = 1000;

/** All of a folder's disk, and of a tool's: it waits for nothing. */
export const endless: Room = { lack: () => undefined, write: (write) => write(), slowestMs: () => 0, end: () => {} };

/** @param reserve bytes */
export function createRoom(
  folder: string,
  reserve: number,
  { free = () => bytesFree(folder), retryMs = RETRY_MS }: RoomOptions = {},
): Room {
  const ending = new AbortController();
  let low = false;
  /** Writes that found no room, until they do, each with the code that it failed with. */
  const refused = new Map<object, string>();
  const begun = new Map<object, number>();
  let slowest = 0;

  /** Goes on a quarter above the reserve: what waited is written first. */
  function below(): string | undefined {
    const bytes = free();
    low = bytes < (low ? reserve * 1.25 : reserve);
    return low ? `the disk has ${bytes} bytes free; below ${reserve} nothing is written` : undefined;
  }

  async function pause(): Promise<void> {
    await setTimeout(retryMs, undefined, { signal: ending.signal, ref: false }).catch(() => {}); // ended
  }

  async function timed<T>(write: () => Promise<T>): Promise<T> {
    const at = performance.now();
    begun.set(write, at);
    try {
      return await write();
    } finally {
      begun.delete(write);
      slowest = Math.max(slowest, performance.now() - at);
    }
  }

  async function tryUntil<T>(write: () => Promise<T>): Promise<T> {
    for (;;) {
      while (!ending.signal.aborted && below() !== undefined) await pause();
      try {
        return await timed(write);
      } catch (error) {
        if (!isNoRoom(error)) throw error;
        if (ending.signal.aborted) throw storeError("DISK_FULL", `${folder}: ${(error as Error).message}`, { folder }, error);
        refused.set(write, (error as NodeJS.ErrnoException).code ?? "ENOSPC");
        await pause();
      }
    }
  }

  return {
    lack() {
      const [code] = refused.values();
      return below() ?? (code && `the disk took no more: ${code}`);
    },
    write: (write) => tryUntil(write).finally(() => refused.delete(write)),
    slowestMs() {
      const now = performance.now();
      const most = Math.max(slowest, ...[...begun.values()].map((at) => now - at));
      slowest = 0;
      return most;
    },
    end: () => ending.abort(),
  };
}
