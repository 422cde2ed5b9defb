/**
 * Payloads that are on their way from a client, or wait for their turn. Each takes room for its announced bytes, has a pace to keep, and
 * ends where somebody needs the room of one that is silent: of the same client where that has its share, else of anybody.
 */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import { daError } from "../errors.ts";
import { atLeast } from "../shared/pace-floor.ts";

/** Of announced bytes: 32 of the largest objects of the default size. */
const ROOM = 128 << 20;
/** Of one client. */
const SHARE = 48 << 20;
/** What a tiny one costs: bounds their number. */
const MIN_CHARGE = 1 << 20;
/** 4 MB take two minutes of it. */
const FLOOR = { graceMs: 10_000, bytesPerSecond: 32 * 1024 };
/** A client that sends pauses no longer, unless it or the way to it is in trouble. */
const SILENT_MS = 1000;

/** `waitsSince`: Infinity while it is not the client that is waited for. */
type Upload = { from: string; charge: number; waitsSince: number; end: AbortController };

export type Uploads = {
  /**
   * `data` as they come. Throws DA_BUSY, DA_STALLED, or what `data` throws; data that stalled are left to their giver.
   * @param bytes what is kept of them in memory at once
   */
  guard(from: string, data: AsyncIterable<Bytes>, bytes: number): AsyncIterable<Bytes>;
  /**
   * Exactly `bytes` bytes, whose room is taken until it is freed. Rejects as `guard`, and with DA_LENGTH_MISMATCH as soon as there are
   * more.
   */
  collect(from: string, data: AsyncIterable<Bytes>, bytes: number): Promise<{ payload: Bytes; free(): void }>;
};

export function createUploads(clock: Clock): Uploads {
  const running = new Set<Upload>();
  const taken = (of: Iterable<Upload>) => [...of].reduce((sum, { charge }) => sum + charge, 0);

  /** Takes room from those that are silent for longest. Throws DA_BUSY. */
  function makeRoom(among: Upload[], charge: number, limit: number, whose: string): void {
    const silent = among.filter(({ waitsSince }) => clock.nowMs() - waitsSince >= SILENT_MS).sort((a, b) => a.waitsSince - b.waitsSince);
    let over = taken(among) + charge - limit;
    for (const upload of silent) {
      if (over <= 0) return;
      over -= upload.charge;
      running.delete(upload);
      upload.end.abort(daError("DA_STALLED", "nothing came, and another upload needed the room"));
    }
    if (over > 0) throw daError("DA_BUSY", `${whose} uploads as many bytes as there is room for`, { limit });
  }

  /** Throws DA_BUSY. */
  function enter(from: string, bytes: number): Upload {
    const charge = Math.max(bytes, MIN_CHARGE);
    const own = [...running].filter((upload) => upload.from === from);
    makeRoom(own, charge, SHARE, "this client");
    makeRoom([...running], charge, ROOM, "everybody together");
    const upload = { from, charge, waitsSince: Number.POSITIVE_INFINITY, end: new AbortController() };
    running.add(upload);
    return upload;
  }

  async function* read(upload: Upload, data: AsyncIterable<Bytes>): AsyncIterable<Bytes> {
    const tooSlow = (came: number) => daError("DA_STALLED", `${came} bytes came, then too few`);
    upload.waitsSince = clock.nowMs();
    for await (const chunk of atLeast(clock, FLOOR, data, tooSlow, upload.end.signal)) {
      upload.waitsSince = Number.POSITIVE_INFINITY;
      yield chunk;
      upload.waitsSince = clock.nowMs();
    }
    upload.waitsSince = Number.POSITIVE_INFINITY;
  }

  async function readAll(upload: Upload, data: AsyncIterable<Bytes>, bytes: number): Promise<Bytes> {
    const payload = new Uint8Array(bytes);
    let at = 0;
    for await (const chunk of read(upload, data)) {
      if (at + chunk.length > bytes) throw daError("DA_LENGTH_MISMATCH", `more than the ${bytes} bytes that were announced`);
      payload.set(chunk, at);
      at += chunk.length;
    }
    if (at < bytes) throw daError("DA_LENGTH_MISMATCH", `${at} bytes came, ${bytes} were announced`);
    return payload;
  }

  return {
    async *guard(from, data, bytes) {
      const upload = enter(from, bytes);
      try {
        yield* read(upload, data);
      } finally {
        running.delete(upload);
      }
    },
    async collect(from, data, bytes) {
      const upload = enter(from, bytes);
      const free = () => void running.delete(upload);
      try {
        return { payload: await readAll(upload, data, bytes), free };
      } catch (error) {
        free();
        throw error;
      }
    },
  };
}
