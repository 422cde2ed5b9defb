/** CPU time of the row code and of KZG beside each other in one process: what others take of the machine distorts both alike. */
import { randomBytes } from "node:crypto";
import { DasContextJs } from "@crate-crypto/node-eth-kzg";
import { packPayload, ROW_PAYLOAD } from "@noema/da-layer/blob/elements";
import { encodeBlob } from "@noema/da-layer/blob/encode";
import type { Kzg } from "@noema/da-layer/blob/kzg";
import { decodeRows, extendRows } from "@noema/da-layer/blob/row-code";
import { checkObject, rowFault } from "@noema/da-layer/blob/verify";

export type RowsOptions = { rows: number; validators: number; runs: number };

/** Of each thing that is measured, one a run: ms of CPU, of all threads, and ms that passed. */
export type Sample = { cpuMs: number; wallMs: number };
export type Measured = {
  payloadBytes: number;
  /** N, and those of them that one validator holds. */
  slots: number;
  share: number;
  commit: Sample[];
  encode: Sample[];
  /** All of it but commitments and opening: what a class that is committed to by hashes would take. */
  withoutKzg: Sample[];
  extend: Sample[];
  rebuild: Sample[];
  receive: Sample[];
  /** Cells and proofs of all rows as in PeerDAS, scaled from CELL_ROWS of them. */
  cells: Sample[];
};

/** A row's take 0.2 s and more. */
const CELL_ROWS = 2;

const NO_KZG: Kzg = {
  name: "none",
  commit: async () => new Uint8Array(48),
  prove: async () => ({ proof: new Uint8Array(48), y: new Uint8Array(32) }),
  verify: async () => false,
  verifyBlobs: async () => false,
  makeCells: async () => ({ cells: [], proofs: [] }),
  verifyCells: async () => false,
};

async function sample(f: () => unknown, times = 1): Promise<Sample> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await f();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: ((user + system) / 1000) * times, wallMs: (performance.now() - started) * times };
}

/** One run more is not counted: what it compiles. `onRun` is told how many are over. */
export async function measureRows(kzg: Kzg, { rows: R, validators, runs }: RowsOptions, onRun: (done: number) => void): Promise<Measured> {
  const share = Math.ceil((3 * R) / validators);
  const N = validators * share;
  const payload = randomBytes(R * ROW_PAYLOAD);
  const meta = {
    version: 1,
    chainId: 1,
    namespace: new Uint8Array(),
    publisher: new Uint8Array(20),
    nonce: 0,
    epoch: 0,
    R,
    N,
    payloadLen: payload.length,
    expiry: 1,
  };
  const data = packPayload(payload);
  const blob = await encodeBlob(kzg, meta, payload);
  const parity = new Map(Array.from({ length: R }, (_, i) => [R + i, blob.rows[R + i] as Uint8Array]));
  const peerDas = DasContextJs.create({ usePrecomp: true }); // tables, which make cells' proofs faster
  const receive = async () => {
    const checked = await checkObject(kzg, blob.object);
    for (let slot = N - share; slot < N; slot++) {
      const fault = rowFault(checked, slot, blob.rows[slot] as Uint8Array, blob.paths[slot] as Uint8Array[]);
      if (fault !== undefined) throw new Error(`row ${slot}: ${fault}`);
    }
  };
  const measured: Measured = {
    ...{ payloadBytes: payload.length, slots: N, share },
    ...{ commit: [], encode: [], withoutKzg: [], extend: [], rebuild: [], receive: [], cells: [] },
  };
  for (let run = 0; run <= runs; run++) {
    const now = {
      commit: await sample(() => Promise.all(data.map((row) => kzg.commit(row)))),
      encode: await sample(() => encodeBlob(kzg, meta, payload)),
      withoutKzg: await sample(() => encodeBlob(NO_KZG, meta, payload)),
      extend: await sample(() => extendRows(data, N)),
      rebuild: await sample(() => decodeRows(parity, R)),
      receive: await sample(receive),
      cells: await sample(
        () => Promise.all(data.slice(0, CELL_ROWS).map((row) => peerDas.asyncComputeCellsAndKzgProofs(row))),
        R / Math.min(R, CELL_ROWS),
      ),
    };
    if (run > 0) for (const [name, value] of Object.entries(now)) measured[name as keyof typeof now].push(value);
    onRun(run);
  }
  return measured;
}
