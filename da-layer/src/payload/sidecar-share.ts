/** Blobs that a batch's transactions carry: a publisher's share of them, and that a signer holds them. */
import { isNoemaError } from "@noema/core/errors";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { ROW_BYTES } from "../blob/elements.ts";
import { createQuota } from "../shared/quota.ts";
import type { BatchSidecars } from "./deps.ts";

export type SidecarShare = {
  /** False: the publisher would pass twice its share of a block's blob bytes. */
  charge(set: ValidatorSet, publisher: number, txs: readonly Bytes[], height: Height): boolean;
  /** Those whose blobs are held neither here nor by a connected peer. */
  lost(txs: readonly Bytes[]): Promise<Bytes[]>;
  /** Throws as `BatchSidecars.obtain`. */
  obtain(txs: readonly Bytes[], first?: string): Promise<void> | undefined;
};

export function createSidecarShare(bytesPerBlock: number, sidecars: BatchSidecars | undefined): SidecarShare {
  const quota = createQuota(bytesPerBlock);
  return {
    charge(set, publisher, txs, height) {
      const blobs = sidecars?.hashesOf(txs).length ?? 0;
      return blobs === 0 || quota.charge(set, publisher, blobs * ROW_BYTES, height);
    },
    async lost(txs) {
      const lost: Bytes[] = [];
      for (const tx of txs) {
        const hashes = sidecars?.hashesOf([tx]) ?? [];
        if (hashes.length === 0) continue;
        await sidecars?.obtain(hashes).catch((error) => {
          if (isNoemaError(error, "DA_UNAVAILABLE") && error.data.hashes !== undefined) lost.push(tx);
        });
      }
      return lost;
    },
    obtain(txs, first) {
      const hashes = sidecars?.hashesOf(txs) ?? [];
      return hashes.length === 0 ? undefined : sidecars?.obtain(hashes, first);
    },
  };
}
