import type { Bytes } from "@noema/core/ports/bytes";
import type { TransactionRules } from "./rules.ts";
import type { Transaction } from "./transaction.ts";

const BASE = 21_000;
const CREATE = 32_000; // EIP-2
const TOKEN = 4; // EIP-2028: a zero byte is 1 token, any other 4
const FLOOR_TOKEN = 10; // EIP-7623
const INITCODE_WORD = 2; // EIP-3860
const ACCESS_ADDRESS = 2_400; // EIP-2930
const ACCESS_KEY = 1_900;
const AUTHORIZATION = 25_000; // EIP-7702, PER_EMPTY_ACCOUNT_COST

/** Calldata tokens of EIP-7623. */
function calldataTokens(data: Bytes): number {
  let zeros = 0;
  for (let i = 0; i < data.length; i++) if (data[i] === 0) zeros++;
  return 4 * data.length - 3 * zeros;
}

/** Gas that is charged before the first instruction. */
export function intrinsicGas(tx: Transaction, rules: TransactionRules): bigint {
  let gas = BASE + TOKEN * calldataTokens(tx.data);
  if (tx.to === undefined) {
    gas += CREATE;
    if (rules.maxInitcodeBytes !== undefined) gas += INITCODE_WORD * Math.ceil(tx.data.length / 32);
  }
  for (const item of tx.accessList) gas += ACCESS_ADDRESS + ACCESS_KEY * item.storageKeys.length;
  return BigInt(gas + AUTHORIZATION * (tx.authorizationList?.length ?? 0));
}

/** The least that a transaction pays for its calldata (EIP-7623). */
export function floorGas(tx: Transaction): bigint {
  return BigInt(BASE + FLOOR_TOKEN * calldataTokens(tx.data));
}
