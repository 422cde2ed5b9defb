/** From bytes to an entry: everything that needs no other transaction of the pool. */
import { to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { checkTransaction } from "../rules/check-transaction.ts";
import type { Fork } from "../rules/forks.ts";
import { txError } from "../transactions/errors.ts";
import { decodeNetworkTransaction } from "../transactions/network-form.ts";
import type { BlobSidecar, Transaction } from "../transactions/transaction.ts";

export type VerifySidecar = (hashes: readonly Hash[], sidecar: BlobSidecar) => Promise<boolean>;

/** `wire`: as it was sent. */
export type Arrival = { tx: Transaction; sidecar?: BlobSidecar; wire: Bytes };

/** Copies the bytes: the caller's buffer may be larger, or used again. Throws TX_*, RLP_INVALID. */
export function readArrival(raw: Bytes, chainId: bigint, fork: Fork): Arrival {
  const wire = raw.slice();
  const { tx, sidecar } = decodeNetworkTransaction(wire);
  checkTransaction(tx, chainId, fork);
  return { tx, wire, ...(sidecar && { sidecar }) };
}

/** KZG proofs, where this node can check them; undefined: there is nothing to check. */
export function checkProofs({ tx, sidecar }: Arrival, verify: VerifySidecar | undefined): Promise<void> | undefined {
  return sidecar && verify && verifyProofs(tx, sidecar, verify);
}

async function verifyProofs(tx: Transaction, sidecar: BlobSidecar, verify: VerifySidecar): Promise<void> {
  if (!(await verify(tx.blobVersionedHashes ?? [], sidecar)))
    throw txError("TX_SIDECAR_INVALID", `the KZG proofs of ${to0x(tx.hash)} do not verify`, { hash: to0x(tx.hash) });
}
