/** Blocks that are asked for, with what waits in the pool where nothing else would take it (system-operations.md 3). */
import type { Bytes } from "@noema/core/ports/bytes";
import { encodeChunk, MAX_CHUNK_BYTES } from "@noema/execution/system/chunk";
import type { DevView } from "@noema/execution/system/dev-view";
import { KIND } from "@noema/execution/system/kinds";
import { encodeMine, encodeTransactions, MAX_BLOCKS, MAX_CHUNKS } from "@noema/execution/system/mine";
import { encodeOperation, operationInput } from "@noema/execution/system/operation";
import { minesByItself } from "./mining-gate.ts";
import type { Ended, Operations } from "./operations.ts";

/** Of each in their SSZ list. */
const OFFSET_BYTES = 4;

export type MineDeps = {
  operations: Operations;
  pool: { next(exact: boolean): { transactions: readonly { tx: { raw: Bytes } }[] } };
  controls(): DevView | undefined;
};

/** `interval`: seconds between them; `ifDue`: only where the interval of mining has passed. */
export type Asked = { count: number; interval?: bigint; ifDue?: boolean };

/** One operation: as many blocks as fit into it, of which transactions are in the first alone. How many, and how it ended. */
export async function mineOnce({ operations, pool, controls }: MineDeps, asked: Asked): Promise<Ended & { made: number }> {
  const { interval, ifDue = false } = asked;
  const waiting = minesByItself(controls()?.mining) ? [] : pool.next(true).transactions.map(({ tx }) => tx.raw);
  // Where more may wait than one block holds the next one takes the rest of it.
  const made = waiting.length > 0 ? 1 : Math.min(asked.count, MAX_BLOCKS);
  const chunks = cut(fitting(waiting)).map((data) => encodeOperation({ nonce: 0n, kind: KIND.chunk, body: encodeChunk(data) }));
  const staged = chunks.map((data) => operationInput(data).id);
  const body = encodeMine({ count: BigInt(made), interval, ifDue, staged });
  return { ...(await operations.submit(KIND.mine, body, chunks)), made };
}

/** The first of them that one operation brings: of a block of any gas there may be more. */
function fitting(transactions: readonly Bytes[]): readonly Bytes[] {
  let left = MAX_CHUNKS * MAX_CHUNK_BYTES;
  const end = transactions.findIndex(({ length }) => {
    left -= OFFSET_BYTES + length;
    return left < 0;
  });
  return end < 0 ? transactions : transactions.slice(0, end);
}

function cut(transactions: readonly Bytes[]): Bytes[] {
  if (transactions.length === 0) return [];
  const data = encodeTransactions(transactions);
  const chunks: Bytes[] = [];
  for (let at = 0; at < data.length; at += MAX_CHUNK_BYTES) chunks.push(data.subarray(at, at + MAX_CHUNK_BYTES));
  return chunks;
}
