/** Bodies of JSON-RPC requests, made before the clock starts. */
import { toHex } from "@noema/core/bytes";
import type { Workload } from "../sign/workload.ts";
import type { Wire } from "./connection.ts";

export type Request = {
  /** Which of the connections: a sender has one for all its transactions, so that its nonces arrive in order. */
  connection: number;
  /** Indices into the workload. */
  txs: readonly number[];
  bytes: Buffer;
};

/** Ids are indices into the workload. */
export function sendBody(raws: readonly Uint8Array[], txs: readonly number[]): string {
  const calls = txs.map(
    (i) => `{"jsonrpc":"2.0","id":${i},"method":"eth_sendRawTransaction","params":["0x${toHex(raws[i] as Uint8Array)}"]}`,
  );
  return txs.length === 1 ? (calls[0] as string) : `[${calls.join(",")}]`;
}

/**
 * The workload from index `from` on in requests of `batch` transactions, in the order in which they are due: round over the
 * connections. `wires[c]` is that of connection c.
 */
export function makeRequests({ raws, senders }: Workload, wires: readonly Wire[], batch: number, from = 0): Request[] {
  const lanes = wires.map((): Request[] => []);
  const open = wires.map((): number[] => []);
  const close = (c: number) => {
    const txs = open[c] as number[];
    if (txs.length === 0) return;
    lanes[c]?.push({ connection: c, txs, bytes: (wires[c] as Wire).frame(sendBody(raws, txs)) });
    open[c] = [];
  };
  for (let i = from; i < raws.length; i++) {
    const c = (i % senders) % wires.length;
    open[c]?.push(i);
    if (open[c]?.length === batch) close(c);
  }
  for (const c of open.keys()) close(c);
  const rounds = Math.max(...lanes.map((x) => x.length));
  return Array.from({ length: rounds }, (_, k) => lanes.flatMap((lane) => lane[k] ?? [])).flat();
}
