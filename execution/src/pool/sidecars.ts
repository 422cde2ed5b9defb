/**
 * Transactions of blobs: the pool takes one whose blobs are held here. What a client sends with its blobs is admitted as far as everything
 * else goes, and only then are they checked and kept, beside the pool's turns: that takes seconds of KZG, and disk that somebody must pay for.
 */
import { to0x } from "@noema/core/bytes";
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SidecarBlob, Sidecars } from "@noema/core/ports/sidecars";
import type { Fork } from "../rules/forks.ts";
import { txError } from "../transactions/errors.ts";
import { CELL_PROOFS_PER_BLOB, decodeNetworkTransaction, hasSidecar } from "../transactions/network-form.ts";
import type { Transaction } from "../transactions/transaction.ts";
import type { AddOutcome, Pool } from "./pool-interface.ts";

type Parted = { raw: Bytes; sidecar?: readonly SidecarBlob[] } | { error: NoemaError };

/** @param addAll of a pool that takes what goes on the chain */
export function takeSidecars(addAll: Pool["addAll"], sidecars: Pick<Sidecars, "keep"> | undefined, fork: Fork): Pool["addAll"] {
  async function again(raw: Bytes, sidecar: readonly SidecarBlob[]): Promise<AddOutcome> {
    try {
      checkVersion(sidecar, fork);
      if (!(await sidecars?.keep(sidecar))) throw txError("TX_SIDECAR_INVALID", "the KZG proofs of the blobs do not verify");
    } catch (error) {
      if (isNoemaError(error)) return { error };
      throw error;
    }
    return (await addAll([raw], "local"))[0] as AddOutcome;
  }

  return async (bytes, origin) => {
    if (origin === "peer" || !bytes.some((x) => x[0] === 3)) return addAll(bytes, origin);
    const parted = bytes.map(part);
    const sent = parted.filter((x) => "raw" in x);
    const outcomes = await addAll(
      sent.map(({ raw }) => raw),
      origin,
    );
    let at = 0;
    return Promise.all(
      parted.map((x) => {
        if ("error" in x) return x;
        const outcome = outcomes[at++] as AddOutcome;
        const waits = x.sidecar && "error" in outcome && outcome.error.code === "TX_SIDECAR_MISSING";
        return waits ? again(x.raw, x.sidecar ?? []) : outcome;
      }),
    );
  };
}

function part(bytes: Bytes): Parted {
  try {
    if (!hasSidecar(bytes)) return { raw: bytes };
    const { tx, sidecar } = decodeNetworkTransaction(bytes.slice());
    return { raw: tx.raw, ...(sidecar && { sidecar }) };
  } catch (error) {
    if (isNoemaError(error)) return { error };
    throw error;
  }
}

/** A client may send the proofs of before EIP-7594 after it, as to geth; what travels and is kept has the fork's. */
function checkVersion(sidecar: readonly SidecarBlob[], { eips, name }: Fork): void {
  if (!eips.has(7594) && sidecar.some(({ proofs }) => proofs.length === CELL_PROOFS_PER_BLOB))
    throw txError("TX_SIDECAR_INVALID", `sidecar version 1 has cell proofs (EIP-7594), which ${name} does not know`, { version: 1 });
}

/** Why a transaction cannot enter as long as its blobs are not here; undefined: it can. */
export async function missingSidecar(tx: Transaction, sidecars: Pick<Sidecars, "holds"> | undefined): Promise<NoemaError | undefined> {
  const hashes = tx.blobVersionedHashes;
  if (tx.type !== 3 || hashes === undefined || (await sidecars?.holds(hashes))) return undefined;
  return txError("TX_SIDECAR_MISSING", `${to0x(tx.hash)} has ${hashes.length} blob hashes and came without its blobs`);
}
