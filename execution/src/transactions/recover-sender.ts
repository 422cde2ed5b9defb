import { to0x } from "@noema/core/bytes";
import type { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { txError } from "./errors.ts";
import { recoverAddress } from "./secp256k1.ts";
import { signingHash } from "./signing-hash.ts";
import type { Transaction } from "./transaction.ts";

/** Of recoveries between two turns of the event loop. */
const TURN_MS = 20;

/** Senders in the order of the transactions, on this thread, which has its turns meanwhile; undefined: no key signed it. */
export async function recoverAll(txs: readonly Transaction[]): Promise<(Bytes | undefined)[]> {
  const senders: (Bytes | undefined)[] = [];
  let turn = performance.now();
  for (const tx of txs) {
    if (senders.length > 0 && performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
    senders.push(recover(tx));
  }
  return senders;
}

/** The sender's address, 20 bytes; about 60 µs of the thread. Throws TX_SIGNATURE_INVALID. */
export function recoverSender(tx: Transaction): Bytes {
  const sender = recover(tx);
  if (sender === undefined) throw noSender(tx);
  return sender;
}

export function noSender({ hash, r, s, yParity }: Transaction): NoemaError {
  return txError("TX_SIGNATURE_INVALID", `invalid sender: no key signed ${to0x(hash)}`, { r, s, yParity });
}

function recover(tx: Transaction): Bytes | undefined {
  const signature = new Uint8Array(64);
  const view = new DataView(signature.buffer);
  writeU256(view, 0, tx.r);
  writeU256(view, 32, tx.s);
  return recoverAddress(signingHash(tx), signature, tx.yParity);
}

function writeU256(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at, value >> 192n);
  view.setBigUint64(at + 8, value >> 128n);
  view.setBigUint64(at + 16, value >> 64n);
  view.setBigUint64(at + 24, value);
}
