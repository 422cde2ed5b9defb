/** Kind 5: blocks now. The first holds what is staged for it, and what came in its height; the others are quiet (blocks/quiet.ts). */
import { concatBytes } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import {
  BooleanType,
  ByteListType,
  ByteVectorType,
  ContainerType,
  decodeSsz,
  ListBasicType,
  ListCompositeType,
  UintBigintType,
} from "@noema/core/types/ssz";
import type { Journal } from "../state/journal.ts";
import { MAX_SECONDS } from "./control-limits.ts";
import { readKept, readMinedMs, readNext } from "./controls.ts";
import { nextTimestamp } from "./next-block.ts";
import { OUTCOME } from "./outcomes.ts";
import type { Effect, Place } from "./place.ts";

export const MAX_BLOCKS = 65_536;
/** Of staged bytes: 16 MB, more than the calldata of a block of 120 million gas. */
export const MAX_CHUNKS = 128;
/** The largest that a pool takes is one batch. */
const MAX_TRANSACTION_BYTES = 131_072;
const MAX_TRANSACTIONS = 2 ** 17;

const u64 = new UintBigintType(8);
const mineType = new ContainerType(
  {
    count: u64,
    interval: new ListBasicType(u64, 1),
    ifDue: new BooleanType(),
    staged: new ListCompositeType(new ByteVectorType(32), MAX_CHUNKS),
  },
  { typeName: "MineOperation" },
);
const transactionsType = new ListCompositeType(new ByteListType(MAX_TRANSACTION_BYTES), MAX_TRANSACTIONS, {
  typeName: "StagedTransactions",
});

/**
 * `interval`: seconds between the blocks; absent: as the chain has it. `ifDue`: only where the last block is as old as the interval of
 * mining. `staged`: ids of chunks; joined they are the transactions.
 */
export type Mine = { count: bigint; interval?: bigint; ifDue: boolean; staged: Hash[] };

export function encodeMine({ interval, ...rest }: Mine): Bytes {
  return mineType.serialize({ ...rest, interval: interval === undefined ? [] : [interval] });
}

/** Throws SSZ_INVALID. */
export function decodeMine(body: Bytes): Mine {
  const { interval, ...rest } = decodeSsz(mineType, body);
  return { ...rest, interval: interval[0] };
}

/** As chunks hold them, one after another. */
export function encodeTransactions(txs: readonly Bytes[]): Bytes {
  return transactionsType.serialize([...txs]);
}

export function applyMine(journal: Journal, { count, interval, ifDue, staged }: Mine, place: Place): Effect {
  const { timestampMs, staging, newest } = place;
  if (count < 1n || count > BigInt(MAX_BLOCKS)) return { outcome: OUTCOME.outOfRange };
  const next = readNext(journal);
  const apart = interval ?? next.timestampInterval ?? 0n;
  const last = nextTimestamp(next, newest.timestamp, timestampMs) + (count - 1n) * apart;
  if (apart > MAX_SECONDS || last > MAX_SECONDS) return { outcome: OUTCOME.outOfRange };
  const { mining } = readKept(journal);
  if (ifDue && timestampMs - readMinedMs(journal) < (mining?.intervalMs ?? 0)) return { outcome: OUTCOME.notDue };
  const chunks = staged.map(staging.read);
  if (chunks.includes(undefined)) return { outcome: OUTCOME.stagedUnknown };
  const txs = staged.length === 0 ? [] : readTransactions(concatBytes(...(chunks as Bytes[])));
  if (txs === undefined) return { outcome: OUTCOME.malformed };
  for (const id of staged) staging.drop(id);
  return {
    outcome: OUTCOME.done,
    blocks: { quiet: Number(count) - 1, interval: apart, txs },
  };
}

function readTransactions(data: Bytes): Bytes[] | undefined {
  try {
    return decodeSsz(transactionsType, data);
  } catch (error) {
    if (isNoemaError(error, "SSZ_INVALID")) return undefined;
    throw error;
  }
}
