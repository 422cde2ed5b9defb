/**
 * What a validator checks of another's batch before it signs that it is available: no state is needed, so a batch that
 * passes here passes at every validator. Decoding, chain id, fork rules, intrinsic and floor gas, the transaction's gas
 * cap, the sums of gas limits and of blobs, no transaction twice, signatures.
 */
import { toHex } from "@noema/core/bytes";
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { PayloadChecker } from "@noema/core/ports/data";
import { checkTransaction } from "../rules/check-transaction.ts";
import type { Fork } from "../rules/forks.ts";
import { decodeTransaction } from "./decode.ts";
import { txError } from "./errors.ts";
import type { Identify, Identity } from "./identify.ts";
import { noSender } from "./recover-sender.ts";
import type { Transaction } from "./transaction.ts";

/** `dev`: of a chain for development, which takes what nobody signed. */
export type BatchLimits = { chainId: bigint; fork: Fork; dev?: boolean; maxTransactions: number; maxBytes: number; maxGas: bigint };

/**
 * `identify` may work in other threads; wrap it with createIdentityCache. What it throws is this node's, and thrown: whose batch it is
 * would be cut off for it. `gas` of the answer is the sum of gas limits.
 */
export function createBatchChecker(limits: BatchLimits, identify: Identify): PayloadChecker {
  return {
    async check(raws) {
      const unfit = orInvalid(() => checkCount(raws, limits));
      if (unfit !== undefined) return unfit;
      const identities = await identify(raws);
      return orInvalid(() => checkAll(raws, identities, limits));
    },
  };
}

function orInvalid<T>(check: () => T): T | { invalid: string } {
  try {
    return check();
  } catch (error) {
    if (isNoemaError(error)) return { invalid: `${error.code}: ${error.message}` };
    throw error;
  }
}

function checkAll(raws: readonly Bytes[], identities: readonly Identity[], limits: BatchLimits) {
  const hashes = identities.map((x) => x.hash);
  const { txs, gas } = decodeBatch(raws, hashes, limits);
  const senders = identities.map((x) => x.sender);
  const unsigned = senders.indexOf(undefined);
  if (unsigned >= 0) throw noSender(txs[unsigned] as Transaction);
  return { gas, hashes, senders: senders as Bytes[] };
}

function checkCount(raws: readonly Bytes[], limits: BatchLimits): void {
  const bytes = raws.reduce((sum, raw) => sum + raw.length, 0);
  if (raws.length === 0 || raws.length > limits.maxTransactions) throw batchError(`${raws.length} transactions`, limits.maxTransactions);
  if (bytes > limits.maxBytes) throw batchError(`${bytes} bytes`, limits.maxBytes);
}

function decodeBatch(raws: readonly Bytes[], hashes: readonly Hash[], limits: BatchLimits): { txs: Transaction[]; gas: bigint } {
  const seen = new Set<string>();
  let gas = 0n;
  let blobs = 0;
  const txs = raws.map((raw, i) => {
    const tx = decodeTransaction(raw, hashes[i]);
    checkTransaction(tx, limits.chainId, limits.fork, limits.dev);
    seen.add(toHex(tx.hash));
    gas += tx.gasLimit;
    blobs += tx.blobVersionedHashes?.length ?? 0;
    return tx;
  });
  if (seen.size !== txs.length) throw batchError("a transaction twice", 1);
  const maxBlobs = limits.fork.blobs?.max ?? 0;
  if (blobs > maxBlobs) throw batchError(`${blobs} blobs`, maxBlobs); // no block would take more of them
  if (gas > limits.maxGas) throw batchError(`${gas} gas`, limits.maxGas);
  return { txs, gas };
}

function batchError(have: string, limit: bigint | number): NoemaError {
  return txError("TX_BATCH_INVALID", `a batch with ${have}; the limit is ${limit}`, { have, limit });
}
