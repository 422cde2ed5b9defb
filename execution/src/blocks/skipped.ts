/**
 * Transactions that were invalid at their turn (execution.md 3). skippedRoot = sha256 over, for each in order, transaction hash (32 bytes) then
 * its reason (1 byte, below); 32 zero bytes when none was skipped. Numbers are part of the protocol: never reuse one.
 */
import { ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Hash } from "@noema/core/ports/bytes";
import type { errors } from "../errors.ts";

export type SkipCode = Extract<keyof typeof errors, `SKIP_${string}`>;
export type SkipReason = { number: number; code: SkipCode; retry: boolean };

export const SKIP = {
  malformed: { number: 1, code: "SKIP_MALFORMED", retry: false },
  senderCode: { number: 2, code: "SKIP_SENDER_CODE", retry: false },
  intrinsicGas: { number: 3, code: "SKIP_INTRINSIC_GAS", retry: false },
  nonceTooLow: { number: 4, code: "SKIP_NONCE_TOO_LOW", retry: false },
  nonceTooHigh: { number: 5, code: "SKIP_NONCE_TOO_HIGH", retry: true },
  balance: { number: 6, code: "SKIP_BALANCE", retry: true },
  fee: { number: 7, code: "SKIP_FEE", retry: true },
  blobFee: { number: 8, code: "SKIP_BLOB_FEE", retry: true },
  blockGas: { number: 9, code: "SKIP_BLOCK_GAS", retry: true },
  blobGas: { number: 10, code: "SKIP_BLOB_GAS", retry: true },
  refused: { number: 11, code: "SKIP_REFUSED", retry: false },
  noBlock: { number: 12, code: "SKIP_NO_BLOCK", retry: true },
} as const satisfies Record<string, SkipReason>;

export function skippedRoot(skipped: readonly { hash: Hash; reason: SkipReason }[]): Hash {
  if (skipped.length === 0) return ZERO_HASH;
  return sha256(Buffer.concat(skipped.flatMap(({ hash, reason }) => [hash, Uint8Array.of(reason.number)])));
}
