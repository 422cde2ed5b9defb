/** Bodies of JSON-RPC requests, made before the clock starts. */
import { toHex } from "@noema/core/bytes";
import type { Workload } from "../sign/workload.ts";
import type { Wire } from "./connection.ts";
import { BROKEN, inOrder, type Order } from "./order.ts";

export type Request = {
  /** Which of the connections: a sender has one for all its transactions, so that its nonces arrive in order. */
  connection: number;
  /** Indices into the workload. */
  txs: readonly number[];
  bytes: Buffer;
};

/** Ids are indices into the workload; that of a broken copy is above them all. */
export function sendBody(raws: readonly Uint8Array[], txs: readonly number[]): string {
  const calls = txs.map((i) => `{"jsonrpc":"2.0","id":${i},"method":"eth_sendRawTransaction","params":["0x${toHex(rawOf(raws, i))}"]}`);
  return txs.length === 1 ? (calls[0] as string) : `[${calls.join(",")}]`;
}

/** A broken copy differs in the last byte, of s: another account has signed it, or none. */
function rawOf(raws: readonly Uint8Array[], i: number): Uint8Array {
  const raw = raws[i % BROKEN] as Uint8Array;
  if (i < BROKEN) return raw;
  const broken = raw.slice();
  broken[broken.length - 1] = (broken.at(-1) as number) ^ 1;
  return broken;
}

export type Batching = { batch: number; seed: number; order: Order; from?: number };

/**
 * The workload from index `from` on in requests of `batch` transactions, in the order in which they are due: round over the
 * connections. `wires[c]` is that of connection c.
 */
export function makeRequests({ raws, senders }: Workload, wires: readonly Wire[], { batch, seed, order, from = 0 }: Batching): Request[] {
  const lanes = wires.map((): number[] => []);
  for (let i = from; i < raws.length; i++) lanes[(i % senders) % wires.length]?.push(i);
  const requests = lanes.map((lane, connection) => {
    const ordered = inOrder(lane, order, { senders, seed });
    return Array.from({ length: Math.ceil(ordered.length / batch) }, (_, k): Request => {
      const txs = ordered.slice(k * batch, (k + 1) * batch);
      return { connection, txs, bytes: (wires[connection] as Wire).frame(sendBody(raws, txs)) };
    });
  });
  const rounds = Math.max(...requests.map((x) => x.length));
  return Array.from({ length: rounds }, (_, k) => requests.flatMap((lane) => lane[k] ?? [])).flat();
}
