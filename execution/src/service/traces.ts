/**
 * Runs again what was executed, with a tracer (trace/): on the state before its height come the operations of that height, then the
 * transactions of its block, as run.ts has them.
 */
import { blockNumber } from "@noema/core/block-number";
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { ChainReads, MessageTrace, TraceTarget } from "../api.ts";
import { readSummary, readTransactions, type StoredTransaction } from "../blocks/bodies.ts";
import { blockOfNumber, transactionOfHash } from "../blocks/find.ts";
import type { StoredBlock } from "../blocks/store.ts";
import type { Watch } from "../engine/trace.ts";
import { execError } from "../errors.ts";
import { checkMessage } from "../rules/check-transaction.ts";
import { forkOf } from "../rules/forks.ts";
import type { Journal } from "../state/journal.ts";
import { applyInputs } from "../system/apply.ts";
import { OUTCOME } from "../system/outcomes.ts";
import { type Budget, createBudget } from "../trace/budget.ts";
import type { BeginFold, Fold } from "../trace/tracer.ts";
import { chooseTracer } from "../trace/tracers.ts";
import { callGas, messageOf } from "./calls.ts";
import { type Reading, running } from "./context.ts";
import { quietBefore } from "./next-env.ts";
import { withStateId } from "./next-state.ts";
import { placeOf } from "./run.ts";
import { envOf, readNumbered, stateAt, type View, withSnapshot } from "./view.ts";

export function createTraces(context: Reading): Pick<ChainReads, "trace"> {
  return {
    async trace(target, choice) {
      const job: Job = { begin: chooseTracer(choice), budget: createBudget(context.options.traceBytes) };
      if ("call" in target) return context.calls(() => traceCall(context, target, job));
      return context.calls(() => withSnapshot(context, (view) => traceBlock(context, view, target, job)));
    },
  };
}

type Job = { begin: BeginFold; budget: Budget };
type CallTarget = Extract<TraceTarget, { call: unknown }>;
type BlockTarget = Exclude<TraceTarget, CallTarget>;

async function traceCall(context: Reading, { call, at, overrides = [] }: CallTarget, { begin, budget }: Job): Promise<MessageTrace[]> {
  const fork = forkOf(context.genesis.fork);
  checkMessage(messageOf(call), fork);
  return withStateId(context, at, async ({ state, env }) => {
    let fold: Fold | undefined;
    const watch: Watch = (start) => {
      fold = begin(start, { fork, budget });
      return fold;
    };
    await context.evm(() => running(context).engine.call(state, env, call, callGas(context, call), overrides, watch));
    return fold === undefined ? [] : [{ result: fold.result() }];
  });
}

async function traceBlock(context: Reading, view: View, target: BlockTarget, { begin, budget }: Job): Promise<MessageTrace[]> {
  const found = locate(context, view, target);
  if (found === undefined || found.txs.length === 0) return [];
  const { block, txs, only } = found;
  const fork = forkOf(context.genesis.fork);
  const folds: { transaction: Hash; fold: Fold }[] = [];
  const watch: Watch = (start) => {
    context.goOn();
    if (start.transaction === undefined || (only !== undefined && start.transaction.index !== only)) return undefined;
    const fold = begin(start, { fork, budget, block: { number: block.header.number, hash: block.hash } });
    folds.push({ transaction: start.transaction.hash, fold });
    return fold;
  };
  await replay(context, view, block, txs, watch);
  return folds.map(({ transaction, fold }) => ({ transaction, result: fold.result() }));
}

/** `only`: the one of `txs`, the last, that is asked for. */
type Found = { block: StoredBlock; txs: readonly StoredTransaction[]; only?: number };

function locate({ genesis }: Reading, { snapshot }: View, target: BlockTarget): Found | undefined {
  if ("block" in target) {
    const block = blockOfNumber(snapshot, target.block, genesis.fork);
    return block && { block, txs: block.index === 0 ? readTransactions(snapshot, block.height) : [] };
  }
  const found = transactionOfHash(snapshot, target.transaction, genesis.fork);
  if (found === undefined) return undefined;
  const { block, stored } = found;
  return { block, txs: readTransactions(snapshot, block.height).slice(0, stored.index + 1), only: stored.index };
}

/** Throws STATE_PRUNED; EXEC_ENGINE_FAILED where it does not come out as it did. */
async function replay(context: Reading, view: View, block: StoredBlock, txs: readonly StoredTransaction[], watch: Watch): Promise<void> {
  const { snapshot } = view;
  const { height, header } = block;
  const parent = readNumbered(context, snapshot, blockNumber(header.number - 1)) as StoredBlock;
  // Whether one had an effect then is known, and not found again: what it used, chunks or a time, may be gone.
  const done = readSummary(snapshot, height).operations.filter(({ outcome }) => outcome === OUTCOME.done);
  const inputs = done.map(({ id, data }) => ({ source: "dev" as const, id, data }));
  const before = { ...view, head: height - 1, headNumber: parent.header.number };
  // Consensus' time of a height is not kept: what depends on it are controls, which no code can read.
  const place = placeOf(context, before, parent, { height, timestampMs: Number(header.timestamp) * 1000 });
  const env = envOf(context, block, snapshot);
  const own = {
    ...env,
    system: env.system && { ...env.system, quiet: quietBefore(context, snapshot, parent) },
    begin: (journal: Journal) => void applyInputs(journal, inputs, place),
    sender: (index: number) => txs[index]?.tx.sender,
  };
  const { state } = stateAt(view, height - 1);
  const raws = txs.map(({ tx }) => tx.raw);
  const { executed } = await context.evm(() => running(context).engine.executeBlock(state, own, raws, watch));
  const gas = executed.at(-1)?.cumulativeGasUsed;
  if (executed.length !== txs.length || gas !== txs.at(-1)?.tx.cumulativeGasUsed)
    throw execError("EXEC_ENGINE_FAILED", `block ${header.number}, ${to0x(block.hash)}, came out in another way when it was run again`);
}
