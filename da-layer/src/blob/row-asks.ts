/** Questions to holders for the rows of one object that are under way, and what came of them; their good rows are put into one map. */
import { to0x } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Peer } from "@noema/core/ports/network";
import { withTimeout } from "../shared/requests.ts";
import { askRows } from "./ask-rows.ts";
import type { BlobLaneDeps } from "./deps.ts";
import type { Holder, Scores } from "./holders.ts";
import type { BlobObject } from "./object.ts";

/** By then the first byte of a holder has come, or it is silent; one of the last wave has LAST_MS: a question is answered within 1 s. */
const FIRST_MS = 900;
const LAST_MS = 350;
/** From one chunk to the next. */
const NEXT_MS = 600;
/** What a holder may take in all, however steadily it dribbles: 5 s, and 128 KiB in so many ms are 2 Mbit/s. */
const WHOLE_MS = 5000;
const ROW_MS = 500;

export type RowAsks = {
  /** Asks for those of its slots that `wanted` selects, that are not there and were not asked of it; returns how many. */
  begin(holder: Holder, wanted: (slot: number) => boolean): number;
  /** Who is being asked. */
  asked(): Set<Peer>;
  /** Until there is enough, all have ended, `ms` have passed, or one has failed where `orFailure`. */
  wait(ms: number, orFailure: boolean): Promise<void>;
  /** What is under way is given up; who had given nothing `slowMs` after it was asked counts as silent. */
  end(slowMs: number): void;
  /** Of this node itself. */
  fault(): unknown;
  /** Keys (or else peer ids) of those whose rows did not verify. */
  liars(): string[];
};

export type RowAsksParts = {
  deps: BlobLaneDeps;
  scores: Scores;
  object: BlobObject;
  id: Hash;
  good: Map<number, Bytes>;
  isEnough(): boolean;
  signal: AbortSignal;
  onLie(): void;
};

/** `gave`: a good row at least. */
type Asking = { peer: Peer; sinceMs: number; gave: boolean };

export function createRowAsks({ deps, scores, object, id, good, isEnough, signal, onLie }: RowAsksParts): RowAsks {
  const { clock, logger } = deps;
  const started = clock.nowMs();
  const silenceMs = (chunks: number) => (chunks === 0 ? Math.max(LAST_MS, started + FIRST_MS - clock.nowMs()) : NEXT_MS);
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const asked = new Map<string, Set<number>>();
  const running = new Map<Promise<void>, Asking>();
  const liars = new Set<string>();
  let failures = 0;
  let fault: unknown;
  let changed = () => {};
  either.addEventListener("abort", () => changed(), { once: true });

  async function ask(asking: Asking, wanted: readonly number[]): Promise<void> {
    const { peer } = asking;
    const onRow = (slot: number, row: Bytes) => {
      asking.gave = true;
      good.set(slot, row);
      if (isEnough()) changed();
    };
    try {
      await withTimeout(clock, WHOLE_MS + ROW_MS * wanted.length, either, (s) =>
        askRows(deps, { peer, object, id, slots: wanted }, silenceMs, onRow, s),
      );
      scores.answered(peer);
      if (!wanted.every((slot) => good.has(slot))) failures++;
    } catch (error) {
      if (either.aborted) return;
      failures++;
      if (isNoemaError(error, "DA_WORKER_FAILED") || isNoemaError(error, "DA_OBJECT_INVALID")) fault = error;
      else if (isNoemaError(error, "DA_ROW_MISMATCH")) tellLiar(peer, error);
      else {
        scores.silent(peer);
        logger.log("debug", "a holder did not give rows", { peer: peer.id, error: String(error) });
      }
    }
  }

  function tellLiar(peer: Peer, error: Error): void {
    const key = peer.publicKey ?? peer.id;
    scores.lied(peer);
    liars.add(key);
    onLie();
    logger.log("warn", "a holder sent a row that does not verify", { key, object: to0x(id), error: error.message });
  }

  return {
    liars: () => [...liars],
    fault: () => fault,
    asked: () => new Set([...running.values()].map(({ peer }) => peer)),
    begin({ peer, slots }, wanted) {
      const before = asked.get(peer.id) ?? new Set();
      const fresh = slots.filter((slot) => !good.has(slot) && !before.has(slot) && wanted(slot));
      if (fresh.length === 0) return 0;
      asked.set(peer.id, new Set([...before, ...fresh]));
      const asking = { peer, sinceMs: clock.nowMs(), gave: false };
      const ending = ask(asking, fresh).finally(() => {
        running.delete(ending);
        changed();
      });
      running.set(ending, asking);
      return fresh.length;
    },
    async wait(ms, orFailure) {
      const failedBefore = failures;
      let isOver = false;
      const cancel = clock.after(ms, () => {
        isOver = true;
        changed();
      });
      const isFailed = () => fault !== undefined || (orFailure && failures > failedBefore);
      try {
        while (!isOver && !isEnough() && running.size > 0 && !isFailed() && !signal.aborted)
          await new Promise<void>((resolve) => (changed = resolve));
      } finally {
        cancel();
      }
    },
    end(slowMs) {
      for (const { peer, sinceMs, gave } of running.values()) if (!gave && clock.nowMs() - sinceMs >= slowMs) scores.silent(peer);
      ended.abort();
    },
  };
}

/** Longer than any question for N rows takes. */
export function longestMs(N: number): number {
  return WHOLE_MS + ROW_MS * N;
}
