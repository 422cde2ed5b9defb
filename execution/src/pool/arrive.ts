/** From bytes to a transaction: everything that needs neither an account nor other transactions of the pool. */
import { to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { checkSize, MAX_TRANSACTION_BYTES } from "../transactions/decode.ts";
import { txError } from "../transactions/errors.ts";
import { decodeNetworkTransaction, hasSidecar } from "../transactions/network-form.ts";
import type { BlobSidecar, Transaction } from "../transactions/transaction.ts";

export type VerifySidecar = (hashes: readonly Hash[], sidecar: BlobSidecar) => Promise<boolean>;

/** `wire`: as it was sent. `raw`: its canonical bytes, the same where there is no sidecar. */
export type Arrival = { wire: Bytes; raw: Bytes; sidecar?: BlobSidecar };

/** Copies the bytes: the caller's buffer may be larger, or used again. Throws TX_*, RLP_INVALID. */
export function readArrival(bytes: Bytes): Arrival {
  if (!hasSidecar(bytes)) {
    checkSize(bytes, MAX_TRANSACTION_BYTES);
    const wire = bytes.slice();
    return { wire, raw: wire };
  }
  const wire = bytes.slice();
  const { tx, sidecar } = decodeNetworkTransaction(wire);
  return { wire, raw: tx.raw, ...(sidecar && { sidecar }) };
}

/** KZG proofs, where this node can check them; undefined: there is nothing to check. */
export function checkProofs(tx: Transaction, { sidecar }: Arrival, verify: VerifySidecar | undefined): Promise<void> | undefined {
  return sidecar && verify && verifyProofs(tx, sidecar, verify);
}

async function verifyProofs(tx: Transaction, sidecar: BlobSidecar, verify: VerifySidecar): Promise<void> {
  if (!(await verify(tx.blobVersionedHashes ?? [], sidecar)))
    throw txError("TX_SIDECAR_INVALID", `the KZG proofs of ${to0x(tx.hash)} do not verify`, { hash: to0x(tx.hash) });
}
