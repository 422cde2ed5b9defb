/** Blobs of transactions in blocks: what is here, and what a connected peer has. */
import { to0x } from "@noema/core/bytes";
import type { BlockNumber, Hash } from "@noema/core/ports/bytes";
import type { SidecarBlob } from "@noema/core/ports/sidecars";
import { daError } from "@noema/da-layer/errors";
import type { TransactionRecord } from "@noema/execution/records";
import { blobHashesOf } from "@noema/execution/transactions/network-form";
import type { RpcDeps } from "../deps.ts";

type BlobDeps = Pick<RpcDeps, "sidecars" | "execution" | "chain">;
/** `hashes`: of its blobs. */
export type BlobTransaction = { hash: Hash; hashes: readonly Hash[]; block: NonNullable<TransactionRecord["block"]> };

/** undefined: it is none, or in no block. */
export function blobTransaction(record: TransactionRecord | undefined): BlobTransaction | undefined {
  if (record?.raw[0] !== 3 || record.block === undefined) return undefined;
  return { hash: record.hash, hashes: blobHashesOf([record.raw]), block: record.block };
}

export async function blobTransactionsOf(deps: BlobDeps, number: BlockNumber): Promise<BlobTransaction[]> {
  const all = await deps.execution.transactions(number);
  return all.flatMap((record) => blobTransaction(record) ?? []);
}

/** In the order of the hashes. Throws DA_EXPIRED, DA_UNAVAILABLE. */
export async function blobsOf(deps: BlobDeps, { hash: of, hashes, block }: BlobTransaction): Promise<SidecarBlob[]> {
  const { sidecars } = deps;
  const blobs: SidecarBlob[] = [];
  for (const hash of hashes) {
    const here = await sidecars?.read(hash);
    const blob = here ?? (await fetched(deps, hash, block.timestamp));
    if (blob === undefined) throw daError("DA_UNAVAILABLE", `the blob ${to0x(hash)} of ${to0x(of)} was lost while it was read`);
    blobs.push(blob);
  }
  return blobs;
}

async function fetched({ sidecars, execution, chain }: BlobDeps, hash: Hash, includedAt: bigint): Promise<SidecarBlob | undefined> {
  const now = (await execution.block(chain.tags().latest.number))?.timestamp ?? 0n;
  const kept = BigInt(sidecars?.retentionSeconds ?? 0);
  if (now > includedAt + kept)
    throw daError("DA_EXPIRED", `blobs of transactions are kept for ${kept} s of the chain's time, which ended at ${includedAt + kept}`, {
      hash: to0x(hash),
    });
  await sidecars?.obtain([hash]);
  return sidecars?.read(hash);
}
