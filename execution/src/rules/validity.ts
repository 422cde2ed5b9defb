/**
 * Whether a transaction can run at its turn. The checks and their order are part of the protocol (execution.md 3; the first that fails is
 * recorded in skippedRoot): Ethereum's own, EIP-2681, 3607, 7702, 7623, 1559, 4844.
 */
import { toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { greater } from "../bigint.ts";
import { SKIP, type SkipReason } from "../blocks/skipped.ts";
import { EMPTY_ACCOUNT, hasCode } from "../state/account.ts";
import { delegateOf } from "../state/delegation.ts";
import type { Journal } from "../state/journal.ts";
import { decodeCanonical } from "../transactions/decode.ts";
import { recoverSender } from "../transactions/recover-sender.ts";
import type { Transaction } from "../transactions/transaction.ts";
import { checkForm } from "./check-transaction.ts";
import { blobGasOf, maxCost } from "./fees.ts";
import type { Fork } from "./forks.ts";
import { messageGas } from "./intrinsic-gas.ts";

/** What is left of the block, and its fees. */
export type Room = { gas: bigint; blobGas: bigint; baseFee: bigint; blobBaseFee: bigint };
/** `senderHex`: what the journal knows the sender by. `intrinsic`, `floor`: intrinsic-gas.ts. */
export type Candidate = { tx: Transaction; sender: Bytes; senderHex: string; intrinsic: bigint; floor: bigint };

/** undefined: not a transaction of this fork and chain (SKIP_MALFORMED). `sender`: where it was recovered before. `dev`: as in checkForm. */
export function readCandidate(raw: Bytes, chainId: bigint, fork: Fork, sender?: Bytes, dev = false): Candidate | undefined {
  try {
    const tx = decodeCanonical(raw);
    checkForm(tx, chainId, fork, dev);
    const who = sender ?? recoverSender(tx);
    return { tx, sender: who, senderHex: toHex(who), ...messageGas(tx, fork) };
  } catch (error) {
    if (isNoemaError(error)) return undefined;
    throw error;
  }
}

export function skipReason({ tx, sender, senderHex, intrinsic, floor }: Candidate, journal: Journal, room: Room): SkipReason | undefined {
  if (tx.gasLimit < greater(floor, intrinsic)) return SKIP.intrinsicGas;
  const account = journal.account(sender, senderHex) ?? EMPTY_ACCOUNT;
  if (tx.impersonated === undefined && hasCode(account) && delegateOf(journal.code(account.codeHash)) === undefined) return SKIP.senderCode;
  if (tx.nonce < account.nonce) return SKIP.nonceTooLow;
  if (tx.nonce > account.nonce) return SKIP.nonceTooHigh;
  if (tx.maxFeePerGas < room.baseFee) return SKIP.fee;
  const blobGas = blobGasOf(tx);
  if (blobGas > 0n && (tx.maxFeePerBlobGas ?? 0n) < room.blobBaseFee) return SKIP.blobFee;
  if (account.balance < maxCost(tx)) return SKIP.balance;
  if (tx.gasLimit > room.gas) return SKIP.blockGas;
  if (blobGas > room.blobGas) return SKIP.blobGas;
  return undefined;
}
