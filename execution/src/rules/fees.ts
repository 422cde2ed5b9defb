/** Fees of a block that follow from its parent (EIP-1559, 4844, 7918), and what a transaction pays in it. */
import { greater, lesser } from "../bigint.ts";
import type { Transaction } from "../transactions/transaction.ts";
import type { Fork } from "./forks.ts";

/** EIP-4844. */
export const GAS_PER_BLOB = 131_072n;

/** EIP-1559. */
const ELASTICITY = 2n;
const MAX_CHANGE_DENOMINATOR = 8n;
/** EIP-4844, wei. */
const MIN_BLOB_BASE_FEE = 1n;
/** EIP-7918: execution gas that a blob costs at least. */
const BLOB_BASE_COST = 8_192n;

/** Wei; 0 in forks without a base fee. */
export function baseFeeAfter(
  fork: Fork,
  { gasLimit, gasUsed, baseFeePerGas }: { gasLimit: bigint; gasUsed: bigint; baseFeePerGas: bigint },
): bigint {
  if (!fork.eips.has(1559)) return 0n;
  const target = gasLimit / ELASTICITY;
  if (gasUsed === target) return baseFeePerGas;
  const away = gasUsed > target ? gasUsed - target : target - gasUsed;
  const change = (baseFeePerGas * away) / target / MAX_CHANGE_DENOMINATOR;
  return gasUsed > target ? baseFeePerGas + greater(change, 1n) : greater(baseFeePerGas - change, 0n);
}

/** 0 in forks without blobs. */
export function excessBlobGasAfter(
  fork: Fork,
  { baseFeePerGas, blobGasUsed, excessBlobGas }: { baseFeePerGas: bigint; blobGasUsed: bigint; excessBlobGas: bigint },
): bigint {
  if (fork.blobs === undefined) return 0n;
  const [target, max] = [fork.blobs.target, fork.blobs.max].map((blobs) => BigInt(blobs) * GAS_PER_BLOB) as [bigint, bigint];
  if (excessBlobGas + blobGasUsed < target) return 0n;
  if (fork.eips.has(7918) && BLOB_BASE_COST * baseFeePerGas > GAS_PER_BLOB * blobBaseFee(fork, excessBlobGas))
    return excessBlobGas + (blobGasUsed * (max - target)) / max;
  return excessBlobGas + blobGasUsed - target;
}

/** Wei for a unit of blob gas: EIP-4844's fake exponential; 0 in forks without blobs. */
export function blobBaseFee({ blobs }: Fork, excessBlobGas: bigint): bigint {
  if (blobs === undefined) return 0n;
  const { updateFraction } = blobs;
  let sum = 0n;
  let term = MIN_BLOB_BASE_FEE * updateFraction;
  for (let i = 1n; term > 0n; i++) {
    sum += term;
    term = (term * excessBlobGas) / (updateFraction * i);
  }
  return sum / updateFraction;
}

/** Of a block. */
export function maxBlobGas({ blobs }: Fork): bigint {
  return BigInt(blobs?.max ?? 0) * GAS_PER_BLOB;
}

export function blobGasOf({ blobVersionedHashes = [] }: Pick<Transaction, "blobVersionedHashes">): bigint {
  return BigInt(blobVersionedHashes.length) * GAS_PER_BLOB;
}

/** What the sender must own for this transaction to be valid: gas at the fee caps, and value. Wei. */
export function maxCost(tx: Transaction): bigint {
  return tx.gasLimit * tx.maxFeePerGas + blobGasOf(tx) * (tx.maxFeePerBlobGas ?? 0n) + tx.value;
}

type Fees = Pick<Transaction, "maxFeePerGas" | "maxPriorityFeePerGas">;

/** What the proposer earns a unit of gas; negative when the fee cap is below the base fee. */
export function effectiveTip({ maxFeePerGas, maxPriorityFeePerGas }: Fees, baseFee: bigint): bigint {
  return lesser(maxFeePerGas - baseFee, maxPriorityFeePerGas);
}

/** What the sender pays a unit of gas in a block whose base fee it can pay. */
export function effectiveGasPrice(fees: Fees, baseFee: bigint): bigint {
  return baseFee + effectiveTip(fees, baseFee);
}
