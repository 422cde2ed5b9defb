/**
 * Blocks by the clock (evm_setIntervalMining): when the interval has passed since the newest block, the first validator asks for one; the
 * k-th waits k times longer for it to come, and one that was not due makes none. After a crash the chain's own controls say what goes on.
 */
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Heads } from "./heads.ts";

const NEXT_MS = 2_000;

export type TickerDeps = {
  heads: Pick<Heads, "controls" | "onHead">;
  /** Of this validator, from 0; below 0: none. */
  rank(): number;
  mine(): Promise<unknown>;
  clock: Clock;
  logger: Logger;
};

/** Returns what stops it. */
export function startMiningTicker({ heads, rank, mine, clock, logger }: TickerDeps): () => void {
  let cancel = () => {};
  let planned = 0;
  let stopped = false;

  function plan(): void {
    cancel();
    cancel = () => {};
    planned = heads.controls()?.mining.intervalMs ?? 0;
    const place = rank();
    if (stopped || planned === 0 || place < 0) return;
    cancel = clock.after(planned + place * NEXT_MS, tick);
  }

  function tick(): void {
    mine()
      .catch((error: unknown) => logger.log("warn", "no block by the clock", { error: String(error) }))
      .finally(plan);
  }

  plan();
  const stop = heads.onHead(({ block }) => {
    if (block !== undefined || heads.controls()?.mining.intervalMs !== planned) plan();
  });
  return () => {
    stopped = true;
    stop();
    cancel();
  };
}
