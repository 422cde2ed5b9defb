/**
 * What each fork of Ethereum brings (execution.md 1): the one place that knows forks. Oldest first, spelt as @ethereumjs/common
 * does; a row says what is new, all else is as in the row before it. The reference engine takes its prices from here too, and only
 * its opcodes from the library.
 */
import { execError } from "../errors.ts";
import type { TransactionType } from "../transactions/transaction.ts";

/** What a message pays before its first opcode, in gas, and what of it comes back. A price that is absent does not exist yet. */
export type GasPrices = {
  base: number;
  /** EIP-2. */
  create: number;
  /** EIP-2028, for calldata: a zero byte is one token, any other four. */
  token: number;
  /** EIP-7623: the least that a token costs in the end. */
  floorToken?: number;
  /** EIP-3860: 32 bytes of creation code. */
  initcodeWord?: number;
  /** EIP-2930. */
  accessAddress: number;
  accessKey: number;
  /** EIP-7702: PER_EMPTY_ACCOUNT_COST and PER_AUTH_BASE_COST. */
  authorization?: number;
  authorizationOfKnown?: number;
  /** One part in so many of what was used is the most that refunds give back (EIP-3529). */
  refundQuotient: number;
};

/** EIP-4844, in blobs. `updateFraction`: BLOB_BASE_FEE_UPDATE_FRACTION. */
export type BlobSchedule = { target: number; max: number; perTransaction: number; updateFraction: bigint };

export type Fork = {
  name: string;
  /** As the library calls it. */
  hardfork: string;
  /** Those that this node's own code asks about, of this fork and of all before it. */
  eips: ReadonlySet<number>;
  headerFields: number;
  /** Highest EIP-2718 type. */
  maxType: TransactionType;
  /** EIP-3860. */
  maxInitcodeBytes?: number;
  /** EIP-7825. */
  maxTransactionGas?: bigint;
  gas: GasPrices;
  blobs?: BlobSchedule;
};

type News = Partial<Omit<Fork, "hardfork" | "eips" | "gas">> & { name: string; eips?: readonly number[]; gas?: Partial<GasPrices> };

const BERLIN: Fork = {
  name: "berlin",
  hardfork: "berlin",
  eips: new Set(),
  headerFields: 15,
  maxType: 1,
  gas: { base: 21_000, create: 32_000, token: 4, accessAddress: 2_400, accessKey: 1_900, refundQuotient: 2 },
};

const LATER: readonly News[] = [
  { name: "london", eips: [1559], headerFields: 16, maxType: 2, gas: { refundQuotient: 5 } },
  { name: "paris", eips: [4399] },
  { name: "shanghai", eips: [3651, 3860], headerFields: 17, maxInitcodeBytes: 49_152, gas: { initcodeWord: 2 } },
  {
    name: "cancun",
    eips: [4788, 4844, 6780],
    headerFields: 20,
    maxType: 3,
    blobs: { target: 3, max: 6, perTransaction: 6, updateFraction: 3_338_477n },
  },
  {
    name: "prague",
    eips: [2537, 2935, 7702],
    headerFields: 21,
    maxType: 4,
    gas: { floorToken: 10, authorization: 25_000, authorizationOfKnown: 12_500 },
    blobs: { target: 6, max: 9, perTransaction: 9, updateFraction: 5_007_716n }, // EIP-7691
  },
  {
    name: "osaka",
    eips: [7594, 7823, 7883, 7918, 7951],
    maxTransactionGas: 2n ** 24n,
    blobs: { target: 6, max: 9, perTransaction: 6, updateFraction: 5_007_716n }, // EIP-7594
  },
];

const ROWS = chain();
/** Less EIP-7825, as anvil runs by default: scripts that deploy and test in one transaction ask for more than its cap. */
const UNCAPPED = "-7825";
const TABLE: ReadonlyMap<string, Fork> = new Map([...ROWS, ...ROWS.flatMap(uncapped)].map((fork) => [fork.name, fork]));

function chain(): Fork[] {
  const forks = [BERLIN];
  for (const { eips = [], gas, ...news } of LATER) {
    const before = forks.at(-1) as Fork;
    forks.push({ ...before, ...news, hardfork: news.name, eips: new Set([...before.eips, ...eips]), gas: { ...before.gas, ...gas } });
  }
  return forks;
}

function uncapped({ maxTransactionGas, ...fork }: Fork): Fork[] {
  return maxTransactionGas === undefined ? [] : [{ ...fork, name: `${fork.name}${UNCAPPED}` }];
}

/** Names, oldest first. */
export const FORKS: readonly string[] = ROWS.map(({ name }) => name);

/** The name of the fork without EIP-7825's cap; its own where it has none. Throws EXEC_FORK_UNKNOWN. */
export function withoutGasCap(name: string): string {
  return forkOf(name).maxTransactionGas === undefined ? name : `${name}${UNCAPPED}`;
}

/** Throws EXEC_FORK_UNKNOWN. */
export function forkOf(name: string): Fork {
  const fork = TABLE.get(name);
  if (fork === undefined)
    throw execError("EXEC_FORK_UNKNOWN", `fork ${JSON.stringify(name)}; known are ${FORKS.join(", ")}`, { fork: name });
  return fork;
}
