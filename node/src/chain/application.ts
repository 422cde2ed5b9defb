/**
 * The application that consensus orders blocks for: batches of the payload lane, run by the execution service once they are
 * final. A block's result is certified D or more heights later, when headers carry it and validators vote for their own.
 */
import { isNoemaError } from "@noema/core/errors";
import type { Application, BlockRef, ExecResult, FinalBlock } from "@noema/core/ports/application";
import type { Height } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { CertificateLane, PayloadLane } from "@noema/core/ports/data";
import type { Logger } from "@noema/core/ports/logger";
import type { ValidatorSet } from "@noema/core/ports/signing";
import type { BlockExecutor, ExecutedBlock } from "@noema/execution/api";
import { type BlockPayload, blockInput, blockPayload, isPayload } from "./block-input.ts";
import { tellIncluded } from "./inclusions.ts";

/** Certificates offered to one draft; consensus takes at most 64 (consensus.md 2.10). */
const CANDIDATES = 128;
/** Results kept in memory; a header names one at most a few D below its height. */
const RESULTS_KEPT = 1024;
/** A missing model is being fetched meanwhile. */
const NEED_MODEL_RETRY_MS = 500;

export type ApplicationDeps = {
  execution: Pick<BlockExecutor, "execute">;
  payload: PayloadLane;
  blobs: CertificateLane;
  validatorSet: (epoch: number) => ValidatorSet | undefined;
  /** Height and result of the last durable block. */
  start: { height: Height; results: readonly ExecResult[] };
  /** After a block is durable, before the next one executes. */
  onExecuted: (block: ExecutedBlock) => void | Promise<void>;
  signal: AbortSignal;
  clock: Clock;
  logger: Logger;
};

export function createApplication(deps: ApplicationDeps): Application {
  const results = new Map<Height, ExecResult>(deps.start.results.map((x) => [x.height, x]));
  let newest = Math.max(...results.keys());
  const remember = (result: ExecResult) => {
    newest = result.height;
    results.set(result.height, result);
    results.delete(result.height - RESULTS_KEPT);
  };
  /** Heights follow each other: a draft, of which a block has several, finds its result at the first or second. */
  function newestAtMost(max: Height): ExecResult {
    for (let height = Math.min(max, newest); height > newest - RESULTS_KEPT; height--) {
      const result = results.get(height);
      if (result !== undefined) return result;
    }
    throw new Error(`no execution result at or below height ${max}`);
  }

  async function execute(block: FinalBlock, payload: BlockPayload, stored: Promise<void>): Promise<ExecutedBlock> {
    for (;;) {
      try {
        return await deps.execution.execute(blockInput(block, payload), stored);
      } catch (error) {
        if (!isNoemaError(error, "NEED_MODEL")) throw error;
        deps.logger.log("warn", "execution waits for a model's weights", { height: block.height, ...error.data });
        await new Promise<void>((resolve) => deps.clock.after(NEED_MODEL_RETRY_MS, resolve));
        deps.signal.throwIfAborted();
      }
    }
  }

  return {
    async draft(_parent: BlockRef, maxExecHeight: Height) {
      const certs = [...deps.payload.available(CANDIDATES), ...deps.blobs.available(CANDIDATES)];
      return { certs, seals: [], exec: newestAtMost(maxExecHeight) };
    },
    result: (height) => results.get(height),
    async finalized(block, stored) {
      const batches = block.certs.filter(isPayload);
      const payloads = await Promise.all(batches.map((x) => deps.payload.read(x, deps.signal)));
      const executed = await execute(block, blockPayload(batches, payloads), stored);
      remember(executed.result);
      tellIncluded(deps, block.certs, block.height);
      await deps.onExecuted(executed);
      return executed.result;
    },
    validatorSet: deps.validatorSet,
    recovered: () => deps.start.height,
    onPayload(f) {
      deps.payload.onAvailable(f);
      deps.blobs.onAvailable(f);
    },
  };
}
