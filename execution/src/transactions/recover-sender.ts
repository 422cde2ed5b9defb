import { to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { txError } from "./errors.ts";
import { recoverAddress } from "./secp256k1.ts";
import { signingHash } from "./signing-hash.ts";
import type { Transaction } from "./transaction.ts";

/** The sender's address, 20 bytes; about 60 µs of the thread. Throws TX_SIGNATURE_INVALID. */
export function recoverSender(tx: Transaction): Bytes {
  const signature = new Uint8Array(64);
  const view = new DataView(signature.buffer);
  writeU256(view, 0, tx.r);
  writeU256(view, 32, tx.s);
  const sender = recoverAddress(signingHash(tx), signature, tx.yParity);
  if (sender === undefined)
    throw txError("TX_SIGNATURE_INVALID", `invalid sender: no key signed ${to0x(tx.hash)}`, { r: tx.r, s: tx.s, yParity: tx.yParity });
  return sender;
}

function writeU256(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at, value >> 192n);
  view.setBigUint64(at + 8, value >> 128n);
  view.setBigUint64(at + 16, value >> 64n);
  view.setBigUint64(at + 24, value);
}
