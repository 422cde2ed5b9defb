/**
 * Hands final blocks to the application, one after the other in order of height, from the chain store: execution may lag any
 * number of blocks behind without memory, and after a restart it goes on behind the application's last durable height.
 */

import { NoemaError } from "@noema/core/errors";
import type { Application, ExecResult } from "@noema/core/ports/application";
import type { Height } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import type { ChainStore } from "../store/chain-store.ts";
import type { Block } from "../types.ts";
import { blockRef } from "./block-ref.ts";

export type ExecutorDeps = {
  store: ChainStore;
  application: Application;
  setOf(epoch: number): ValidatorSet | undefined;
  executed(block: Block, result: ExecResult): void;
  failed(error: unknown): void;
};

export type Executor = {
  /** Height that the application has executed. */
  height(): Height;
  /** New blocks are in the store. */
  wake(): void;
  /** Resolves when the block under way is done; no other begins. */
  stop(): Promise<void>;
};

export function createExecutor(deps: ExecutorDeps): Executor {
  const { store, application } = deps;
  let height = application.recovered();
  let stopped = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    await undefined; // so that `running` is set before it is cleared
    try {
      while (!stopped && height < store.tip()) {
        const block = store.block(height + 1);
        const beacon = store.beacon(height + 1);
        if (block === undefined || beacon === undefined)
          throw new NoemaError("CONSENSUS_STORE_CORRUPT", `no block of height ${height + 1} below the tip ${store.tip()}`);
        const result = await application.finalized({
          ...blockRef(block),
          parentHash: block.header.parentHash,
          proposer: block.header.proposer,
          feeAddress: deps.setOf(block.header.epoch)?.members[block.header.proposer]?.feeAddress ?? new Uint8Array(20),
          prevRandao: beacon.mix,
          certs: block.body.certs,
        });
        height++;
        deps.executed(block, result);
      }
    } catch (error) {
      stopped = true;
      deps.failed(error);
    } finally {
      running = undefined;
    }
  }
  return {
    height: () => height,
    wake() {
      if (!stopped) running ??= run();
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}
