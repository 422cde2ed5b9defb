/** State within the next block: after its system calls, and after what the pool would put into it. */
import { isNoemaError } from "@noema/core/errors";
import type { BlockNumber, Bytes } from "@noema/core/ports/bytes";
import type { NextBlock, StateId } from "../api.ts";
import type { StoredBlock } from "../blocks/store.ts";
import type { BlockEnv } from "../engine/engine.ts";
import { applyDiff } from "../state/apply-diff.ts";
import type { StateDiff } from "../state/diff.ts";
import { createJournal } from "../state/journal.ts";
import type { FlatState } from "../state/reader.ts";
import { type Reading, running } from "./context.ts";
import { nextEnv, presumedInput } from "./next-env.ts";
import { envOf, heightOf, newestBlock, readNumbered, type StateAt, stateAt, type View, withSnapshot } from "./view.ts";

/** The pool's transactions run for at most this long: other questions wait, and with RocksDB blocks. */
const POOL_MS = 50;

export type NextState = { env: BlockEnv; state: FlatState };

/** On the newest block, or with the environment of the next one on the state after that of `number`, without the pool. */
export function withNext<T>(
  context: Reading,
  next: NextBlock,
  number: BlockNumber | undefined,
  use: (at: NextState) => T | Promise<T>,
): Promise<T> {
  return withSnapshot(context, async (view) => {
    const newest = stateAt(view, view.head);
    const parent = newestBlock(context, view);
    const env = nextEnv(context, view, parent, presumedInput(context, view, parent, next, newest.state), newest.state);
    if (number !== undefined) {
      const { state } = stateAt(view, heightOf(view, number));
      return use({ env, state: applied(state, await changes(context, state, env, [])) });
    }
    return use({ env, state: applied(newest.state, await changesOfNext(context, newest, env, next)) });
  });
}

/** State and environment that a question names. */
export function withStateId<T>(context: Reading, at: StateId, use: (at: NextState) => T | Promise<T>): Promise<T> {
  if (typeof at !== "number") return withNext(context, at, undefined, use);
  return withSnapshot(context, (view: View) => {
    const { state } = stateAt(view, heightOf(view, at));
    const env = () => envOf(context, readNumbered(context, view.snapshot, at) as StoredBlock, view.snapshot);
    return use({
      state,
      get env() {
        return env(); // most questions about state do not look at it
      },
    });
  });
}

function changesOfNext(context: Reading, { head, state }: StateAt, env: BlockEnv, { pool }: NextBlock): Promise<StateDiff> {
  const key = `${head} ${env.timestamp} ${pool.version}`;
  if (context.next?.key === key) return context.next.diff;
  const diff = changes(context, state, env, pool.txs);
  context.next = { key, diff };
  diff.catch(() => {
    if (context.next?.diff === diff) context.next = undefined;
  });
  return diff;
}

async function changes(context: Reading, state: FlatState, env: BlockEnv, txs: readonly Bytes[]): Promise<StateDiff> {
  const run = (some: Iterable<Bytes>) => context.evm(async () => (await running(context).engine.executeBlock(state, env, some)).diff);
  if (txs.length === 0) return run(txs);
  // What the pool holds may stop a block (a model that is missing); a question about the next one is answered without it.
  return run(within(txs, POOL_MS, context.nowMs)).catch((error) => {
    if (isNoemaError(error)) return run([]);
    throw error;
  });
}

function* within(txs: readonly Bytes[], ms: number, nowMs: () => number): Generator<Bytes> {
  const end = nowMs() + ms;
  for (const tx of txs) {
    if (nowMs() > end) return;
    yield tx;
  }
}

function applied(below: FlatState, diff: StateDiff): FlatState {
  const journal = createJournal(below);
  applyDiff(journal, diff);
  return journal;
}
