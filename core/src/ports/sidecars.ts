import type { Bytes, Hash } from "./bytes.ts";

/** What stands behind one blob hash of a transaction. `proofs`: one, of the blob (EIP-4844), or 128, of its cells (EIP-7594). */
export type SidecarBlob = { blob: Bytes; commitment: Bytes; proofs: readonly Bytes[] };

/** The blobs of transactions that are held here, by their versioned hashes; da-layer keeps them. */
export interface Sidecars {
  /** Of the chain's time, from when a blob was last needed. */
  readonly retentionSeconds: number;
  /** Durable when it resolves. False: the KZG proofs do not verify. Throws DA_DISK_FULL. */
  keep(sidecar: readonly SidecarBlob[]): Promise<boolean>;
  /** All of them are here. */
  holds(hashes: readonly Hash[]): Promise<boolean>;
  /** Fetches what is missing, from the peer `first` and then from all; what is here is kept as long as what comes now. Throws DA_UNAVAILABLE, DA_DISK_FULL. */
  obtain(hashes: readonly Hash[], first?: string): Promise<void>;
  /** What is here. */
  read(hash: Hash): Promise<SidecarBlob | undefined>;
}
