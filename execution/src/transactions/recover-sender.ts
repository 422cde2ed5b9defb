import { to0x } from "@noema/core/bytes";
import type { NoemaError } from "@noema/core/errors";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { txError } from "./errors.ts";
import { isImpersonated, openImpersonated } from "./impersonated.ts";
import { recoverAddress } from "./secp256k1.ts";
import { readSignedForm } from "./signed-form.ts";
import type { Transaction } from "./transaction.ts";

/** The sender's address, 20 bytes; about 60 µs of the thread. Throws TX_SIGNATURE_INVALID. */
export function recoverSender(tx: Transaction): Bytes {
  const sender = recover(tx.raw);
  if (sender === undefined) throw noSender(tx);
  return sender;
}

export function noSender({ hash, r, s, yParity }: Transaction): NoemaError {
  return txError("TX_SIGNATURE_INVALID", `invalid sender: no key signed ${to0x(hash)}`, { r, s, yParity });
}

/** Of canonical bytes. undefined: no key signed them. Throws RLP_INVALID, TX_*. */
export function recover(raw: Bytes): Bytes | undefined {
  if (isImpersonated(raw)) return openImpersonated(raw).sender.slice();
  const { signed, signature, yParity } = readSignedForm(raw);
  return recoverAddress(keccak256(signed), signature, yParity);
}
