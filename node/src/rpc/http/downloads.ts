/**
 * Bodies on their way to clients. Each holds what it was read from, some MB, until its client has taken it: there are so many places, and
 * who takes nothing loses his, after a while or as soon as another needs it.
 */
import type { Clock } from "@noema/core/ports/clock";
import { daError } from "@noema/da-layer/errors";
import type { FastifyReply } from "fastify";

/** Below the data lane's 32, of which other nodes' readers and checks have some. */
const PLACES = 24;
const LOOK_MS = 1000;
/** Looks at which it had taken nothing since the one before. */
const MOST_IDLE = 10;

export type Downloads = {
  /** Throws DA_READS_BUSY. The connection of who takes nothing is cut. */
  begin(reply: FastifyReply): void;
};

type Download = { taken: number; idle: number };

export function createDownloads(clock: Clock): Downloads {
  const running = new Map<FastifyReply["raw"], Download>();

  function end(raw: FastifyReply["raw"]): void {
    running.delete(raw);
    raw.destroy();
  }

  let looks = false;

  function look(): void {
    for (const [raw, download] of running) {
      const { writableLength = 0, bytesWritten = 0 } = raw.socket ?? {};
      // with nothing to take it waits for us
      download.idle = writableLength > 0 && bytesWritten === download.taken ? download.idle + 1 : 0;
      download.taken = bytesWritten;
      if (download.idle >= MOST_IDLE) end(raw);
    }
    looks = running.size > 0;
    if (looks) clock.after(LOOK_MS, look);
  }

  function makeRoom(): void {
    const [raw, { idle } = { idle: 0 }] = [...running].sort(([, a], [, b]) => b.idle - a.idle)[0] ?? [];
    if (raw === undefined || idle === 0) throw daError("DA_READS_BUSY", `${running.size} reads are under way`, { limit: PLACES });
    end(raw);
  }

  return {
    begin({ raw }) {
      if (running.size >= PLACES) makeRoom();
      if (!looks) clock.after(LOOK_MS, look);
      looks = true;
      running.set(raw, { taken: 0, idle: 0 });
      raw.once("close", () => running.delete(raw));
    },
  };
}
