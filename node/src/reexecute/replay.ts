/** Executes the blocks of a chain store in order and compares each result with what later headers carry. */
import { createExecWatch, type Divergence } from "@noema/consensus/runtime/exec-watch";
import { finalBlockAt } from "@noema/consensus/runtime/final-block";
import type { ChainStore } from "@noema/consensus/store/chain-store";
import type { ExecResult } from "@noema/core/ports/application";
import type { Height } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import type { BlockExecutor } from "@noema/execution/api";
import { blockInput } from "../chain/block-input.ts";
import type { Payloads } from "./payloads.ts";

export type ReplayDeps = {
  store: ChainStore;
  execution: Pick<BlockExecutor, "execute">;
  payloads: Payloads;
  setOf(epoch: number): ValidatorSet;
  /** Where an interrupted run had come to. */
  start: ExecResult;
  /** After each block. */
  executed(result: ExecResult): void;
};

/** Up to which block, the highest whose result a header carries, and the first header that carries another. */
export type Replayed = { height: Height; agreed: Height; differs?: Divergence };

/** Headers name results at most some D below their height, so few are kept. */
const RESULTS_KEPT = 1024;

/** Ends at the first difference. Throws REEXECUTE_PAYLOAD_MISSING, CONSENSUS_STORE_CORRUPT and what execution throws. */
export async function replay({ store, execution, payloads, setOf, start, executed }: ReplayDeps): Promise<Replayed> {
  const results = new Map<Height, ExecResult>([[start.height, start]]);
  const done: Replayed = { height: start.height, agreed: 0 };
  const watch = createExecWatch(
    {
      result: (height) => results.get(height),
      final: (height) => store.block(height)?.header,
      executed: () => done.height,
      diverged: (d) => {
        done.differs = d;
      },
      agreed: (own) => {
        done.agreed = own.height;
      },
    },
    Math.max(1, start.height),
  );
  while (done.differs === undefined && done.height < store.tip()) {
    const { final } = finalBlockAt({ store, setOf }, done.height + 1);
    const { skippedRoot, ...payload } = payloads.of(final);
    const { result } = await execution.execute(blockInput(final, payload));
    done.height = result.height;
    results.set(result.height, skippedRoot === undefined ? result : { ...result, skippedRoot });
    results.delete(result.height - RESULTS_KEPT);
    executed(result);
    watch.executed(result.height);
  }
  return done;
}
