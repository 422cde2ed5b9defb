/**
 * Whether a transaction can run at its turn. The checks and their order are part of the protocol (execution.md 3; the first that fails is
 * recorded in skippedRoot): Ethereum's own, EIP-2681, 3607, 7702, 7623, 1559, 4844.
 */
import { getCalldataFloorGas, isBlob4844Tx, type TypedTransaction } from "@ethereumjs/tx";
import type { Address } from "@ethereumjs/util";
import { equalBytes } from "@noema/core/bytes";
import { SKIP, type SkipReason } from "../blocks/skipped.ts";
import { EMPTY_ACCOUNT, EMPTY_CODE_HASH } from "../state/account.ts";
import { isDelegation } from "../state/delegation.ts";
import type { Journal } from "../state/journal.ts";
import { greater } from "./bigint.ts";

export type Room = { gas: bigint; blobGas: bigint; baseFee: bigint; blobBaseFee: bigint };

export function skipReason(tx: TypedTransaction, sender: Address, journal: Journal, room: Room): SkipReason | undefined {
  const floor = getCalldataFloorGas(tx, sender);
  const intrinsic = tx.getIntrinsicGas();
  if (tx.gasLimit < greater(floor, intrinsic)) return SKIP.intrinsicGas;
  const account = journal.account(sender.bytes) ?? EMPTY_ACCOUNT;
  if (!equalBytes(account.codeHash, EMPTY_CODE_HASH) && !isDelegation(journal.code(account.codeHash))) return SKIP.senderCode;
  if (tx.nonce < account.nonce) return SKIP.nonceTooLow;
  if (tx.nonce > account.nonce) return SKIP.nonceTooHigh;
  const feeCap = "maxFeePerGas" in tx ? tx.maxFeePerGas : tx.gasPrice;
  if (feeCap < room.baseFee) return SKIP.fee;
  const blobGas = isBlob4844Tx(tx) ? tx.common.param("blobGasPerBlob") * BigInt(tx.numBlobs()) : 0n;
  const blobFeeCap = isBlob4844Tx(tx) ? tx.maxFeePerBlobGas : 0n;
  if (blobGas > 0n && blobFeeCap < room.blobBaseFee) return SKIP.blobFee;
  if (account.balance < tx.gasLimit * feeCap + tx.value + blobGas * blobFeeCap) return SKIP.balance;
  if (tx.gasLimit > room.gas) return SKIP.blockGas;
  if (blobGas > room.blobGas) return SKIP.blobGas;
  return undefined;
}
