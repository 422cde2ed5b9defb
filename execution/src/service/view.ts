/** Opens one consistent view of the store and checks that a height can be answered from it. */
import { blockNumber } from "@noema/core/block-number";
import type { ExecResult } from "@noema/core/ports/application";
import type { BlockNumber, Height } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import { blockOfNumber, newestAfter } from "../blocks/find.ts";
import { heightOfNumber } from "../blocks/numbers.ts";
import { execResult } from "../blocks/records.ts";
import { readHead, readHeights, type StoredBlock } from "../blocks/store.ts";
import type { BlockEnv } from "../engine/engine.ts";
import { execError } from "../errors.ts";
import { createFlatState, type FlatState } from "../state/reader.ts";
import { type Reading, running } from "./context.ts";

/** Heights back for which a result is answered. */
const RESULT_WINDOW = 1024;

/** `head`: the newest height. */
export type View = { snapshot: KvSnapshot; head: Height; headNumber: BlockNumber; headRoot: Uint8Array; oldest: Height };
export type StateAt = View & { height: Height; state: FlatState };

export async function withSnapshot<T>(context: Reading, use: (view: View) => T | Promise<T>): Promise<T> {
  running(context);
  const snapshot = context.kv.snapshot();
  try {
    const head = readHead(snapshot);
    if (head === undefined) throw execError("STATE_CORRUPT", "the store has no newest block");
    return await use({ snapshot, head: head.height, headNumber: head.number, headRoot: head.stateRoot, oldest: head.oldest });
  } finally {
    snapshot.close();
  }
}

/** State after the consensus block of `height`. Throws HEIGHT_UNKNOWN, STATE_PRUNED. */
export function withState<T>(context: Reading, height: Height, use: (at: StateAt) => T | Promise<T>): Promise<T> {
  return withSnapshot(context, (view) => use(stateAt(view, height)));
}

/** The own results; none above the newest height, or far below it. */
export function readResults(context: Reading, from: Height, to: Height): Promise<ExecResult[]> {
  return withSnapshot(context, ({ snapshot, head }) => {
    const results: ExecResult[] = [];
    const { fork } = context.genesis;
    let newest: StoredBlock | undefined;
    for (const stored of readHeights(snapshot, Math.max(from, head - RESULT_WINDOW + 1), to, fork)) {
      if (stored.newest !== newest?.height || stored.number !== newest.header.number) newest = newestAfter(snapshot, stored, fork);
      if (newest !== undefined) results.push(execResult(stored, newest));
    }
    return results;
  });
}

export function stateAt(view: View, height: Height): StateAt {
  const { head, oldest, snapshot } = view;
  if (!Number.isSafeInteger(height) || height < 0 || height > head)
    throw execError("HEIGHT_UNKNOWN", `height ${height} is not executed; the newest is ${head}`, { height, head });
  if (height < oldest)
    throw execError("STATE_PRUNED", `the state of height ${height} is gone; the oldest kept is ${oldest}`, { height, oldest });
  return { ...view, height, state: createFlatState(snapshot, height, head) };
}

/** The last height before that of the block that follows a number's, at least its own: after it the state is that of the number. Throws HEIGHT_UNKNOWN. */
export function heightOf({ snapshot, head, headNumber }: View, number: BlockNumber): Height {
  const own = heightOfNumber(snapshot, number);
  if (own === undefined)
    throw execError("HEIGHT_UNKNOWN", `block ${number} is not executed; the newest is ${headNumber}`, { number, head: headNumber });
  const next = heightOfNumber(snapshot, blockNumber(number + 1)) ?? head + 1;
  return next === own ? own : next - 1;
}

/** The newest EVM block: the parent of the next one. Throws STATE_CORRUPT. */
export function newestBlock(context: Reading, { snapshot, headNumber }: View): StoredBlock {
  const block = readNumbered(context, snapshot, headNumber);
  if (block === undefined) throw execError("STATE_CORRUPT", `the newest block, ${headNumber}, is missing`);
  return block;
}

export function readNumbered(context: Reading, snapshot: KvSnapshot, number: BlockNumber): StoredBlock | undefined {
  return blockOfNumber(snapshot, number, context.genesis.fork);
}

/** The environment of a block that was executed, for calls on its state. */
export function envOf(context: Reading, { header, height }: StoredBlock, snapshot: KvSnapshot): BlockEnv {
  return {
    number: header.number,
    height,
    timestamp: header.timestamp,
    coinbase: header.coinbase,
    prevRandao: header.prevRandao,
    gasLimit: header.gasLimit,
    baseFeePerGas: header.baseFeePerGas,
    excessBlobGas: header.excessBlobGas,
    system: { parentHash: header.parentHash, parentBeaconBlockRoot: header.parentBeaconBlockRoot },
    blockHash: (number) => readNumbered(context, snapshot, number)?.hash,
  };
}
