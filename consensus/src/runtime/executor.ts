/**
 * Hands final blocks to the application, one after the other in order of height. The next one is handed over as soon as it is final,
 * with a promise of its being stored, which the application waits for before it keeps anything; all others come from the chain store. So
 * execution may lag any number of blocks behind without memory, and after a restart it goes on behind the application's last height.
 */
import { isNoemaError } from "@noema/core/errors";
import type { Application, ExecResult, FinalBlock } from "@noema/core/ports/application";
import type { Height } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { ValidatorSet } from "@noema/core/ports/signing";
import type { FinalizedBlock } from "../engine/events.ts";
import type { ChainStore } from "../store/chain-store.ts";
import type { Block } from "../types.ts";
import { finalBlock, finalBlockAt } from "./final-block.ts";
import type { Fault } from "./health.ts";

export type ExecutorDeps = {
  store: ChainStore;
  application: Application;
  setOf(epoch: number): ValidatorSet | undefined;
  clock: Clock;
  logger: Logger;
  /** Ends it; an error after that is none. */
  signal: AbortSignal;
  executed(block: Block, result: ExecResult): void;
  /** The application's state is not what its own hashes say: no attempt can come right, and none is made any more. */
  damaged(height: Height, cause: string): void;
};

/** Execution's code for it, and the store's. */
const DAMAGED = ["STATE_CORRUPT", "STORE_CORRUPT"];

/** Between two attempts at one block: data may be missing for a while. Meanwhile headers carry older results, and nothing stops. */
const RETRY_MS = 1000;

export type Executor = {
  /** Height that the application has executed. */
  height(): Height;
  /** Why the next block could not be executed at the last attempt. */
  fault(): Fault | undefined;
  /** Final, in order of height, and not in the store yet. */
  final(blocks: readonly FinalizedBlock[]): void;
  /** New blocks are in the store. */
  wake(): void;
  /** After the signal: resolves when the block under way is done. */
  drained(): Promise<void>;
};

type Early = { block: Block; final: FinalBlock; stored: PromiseWithResolvers<void> };
/** The block that executes, and the one after it. */
const MAX_EARLY = 2;

export function createExecutor(deps: ExecutorDeps): Executor {
  const { store, application, signal } = deps;
  let height = application.recovered();
  /** Above `height`, given before the store had them. */
  const early = new Map<Height, Early>();
  let fault: Fault | undefined;
  let damaged = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    await undefined; // so that `running` is set before it is cleared
    try {
      while (!signal.aborted && !damaged && (early.has(height + 1) || height < store.tip())) await executeNext();
    } finally {
      running = undefined;
    }
  }

  async function executeNext(): Promise<void> {
    try {
      const next = early.get(height + 1);
      const { block, final } = next ?? finalBlockAt(deps, height + 1);
      const result = await application.finalized(final, next?.stored.promise ?? Promise.resolve());
      height++;
      early.delete(height);
      fault = undefined;
      deps.executed(block, result);
    } catch (error) {
      if (signal.aborted) return;
      const message = `height ${height + 1}: ${error instanceof Error ? error.message : error}`;
      if (DAMAGED.some((code) => isNoemaError(error, code))) {
        damaged = true;
        deps.damaged(height + 1, message);
        return;
      }
      fault = { code: "CONSENSUS_EXECUTION_FAILED", message };
      deps.logger.log("error", "a final block could not be executed; it is tried again", { message });
      await pause(deps.clock, RETRY_MS, signal);
    }
  }

  function wake(): void {
    if (!signal.aborted) running ??= run();
  }
  function giveUp(): void {
    for (const { stored } of early.values()) stored.reject(signal.reason);
  }
  signal.addEventListener("abort", giveUp, { once: true });

  return {
    height: () => height,
    fault: () => fault,
    final(blocks) {
      for (const { block, prevRandao } of blocks) {
        if (signal.aborted || block.header.height <= height || early.size >= MAX_EARLY) continue;
        const stored = Promise.withResolvers<void>();
        stored.promise.catch(() => {}); // told to who executes it
        early.set(block.header.height, { block, final: finalBlock(deps.setOf, block, prevRandao), stored });
      }
      wake();
    },
    wake() {
      for (const [at, { stored }] of early) if (at <= store.tip()) stored.resolve();
      wake();
    },
    drained: async () => running,
  };
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener("abort", end);
  });
}
