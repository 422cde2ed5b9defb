/** Opens one consistent view of the store and checks that a height can be answered from it. */
import type { BlockNumber, Height } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import { heightOfNumber, readBlock, readHead, type StoredBlock } from "../blocks/store.ts";
import type { BlockEnv } from "../engine/engine.ts";
import { execError } from "../errors.ts";
import { createFlatState, type FlatState } from "../state/reader.ts";
import { type Context, running } from "./context.ts";

/** `head`: the newest height. */
export type View = { snapshot: KvSnapshot; head: Height; headNumber: BlockNumber; headRoot: Uint8Array; oldest: Height };
export type StateAt = View & { block: StoredBlock; state: FlatState };

export async function withSnapshot<T>(context: Context, use: (view: View) => T | Promise<T>): Promise<T> {
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
export function withState<T>(context: Context, height: Height, use: (at: StateAt) => T | Promise<T>): Promise<T> {
  return withSnapshot(context, (view) => use(stateAt(context, view, height)));
}

export function stateAt(context: Context, view: View, height: Height): StateAt {
  const { head, oldest, snapshot } = view;
  if (!Number.isSafeInteger(height) || height < 0 || height > head)
    throw execError("HEIGHT_UNKNOWN", `height ${height} is not executed; the newest is ${head}`, { height, head });
  if (height < oldest)
    throw execError("STATE_PRUNED", `the state of height ${height} is gone; the oldest kept is ${oldest}`, { height, oldest });
  const block = readBlock(snapshot, height, context.genesis.fork);
  if (block === undefined) throw execError("STATE_CORRUPT", `the block of height ${height} is missing`);
  return { ...view, block, state: createFlatState(snapshot, height, head) };
}

/** The consensus block after which the state is that of a number. Throws HEIGHT_UNKNOWN. */
export function heightOf({ snapshot, headNumber }: View, number: BlockNumber): Height {
  const height = heightOfNumber(snapshot, number);
  if (height === undefined)
    throw execError("HEIGHT_UNKNOWN", `block ${number} is not executed; the newest is ${headNumber}`, { number, head: headNumber });
  return height;
}

export function readNumbered(context: Context, snapshot: KvSnapshot, number: BlockNumber): StoredBlock | undefined {
  const height = heightOfNumber(snapshot, number);
  return height === undefined ? undefined : readBlock(snapshot, height, context.genesis.fork);
}

/** The environment of a block that was executed, for calls on its state. */
export function envOf(context: Context, { header, height }: StoredBlock, snapshot: KvSnapshot): BlockEnv {
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
