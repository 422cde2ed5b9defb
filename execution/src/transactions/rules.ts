import { txError } from "./errors.ts";

/** What a hard fork allows a transaction to be. */
export type TransactionRules = {
  /** Highest EIP-2718 type. */
  maxType: 0 | 1 | 2 | 3 | 4;
  /** EIP-3860, Shanghai: limit of creation code, and gas for its words. */
  maxInitcodeBytes?: number;
  /** EIP-7623, Prague. */
  floorGas: boolean;
  /** EIP-7825, Osaka. */
  maxGas?: bigint;
  /** A transaction's blobs: the block's limit in Cancun (EIP-4844) and Prague (EIP-7691), 6 since Osaka (EIP-7594). */
  maxBlobs: number;
};

const berlin: TransactionRules = { maxType: 1, floorGas: false, maxBlobs: 0 };
const london: TransactionRules = { ...berlin, maxType: 2 };
const shanghai: TransactionRules = { ...london, maxInitcodeBytes: 49_152 };
const cancun: TransactionRules = { ...shanghai, maxType: 3, maxBlobs: 6 };
const prague: TransactionRules = { ...cancun, maxType: 4, floorGas: true, maxBlobs: 9 };
const osaka: TransactionRules = { ...prague, maxGas: 2n ** 24n, maxBlobs: 6 };

const FORKS: Record<string, TransactionRules> = {
  berlin,
  london,
  arrowGlacier: london,
  grayGlacier: london,
  mergeNetsplitBlock: london,
  paris: london,
  shanghai,
  cancun,
  prague,
  osaka,
  bpo1: osaka,
  bpo2: osaka,
};

/** By the fork's name as @ethereumjs/common spells it; throws TX_TYPE_UNSUPPORTED for a fork that is not known. */
export function transactionRules(fork: string): TransactionRules {
  const rules = FORKS[fork];
  if (rules === undefined) throw txError("TX_TYPE_UNSUPPORTED", `no transaction rules for fork ${fork}; known: ${Object.keys(FORKS)}`);
  return rules;
}
