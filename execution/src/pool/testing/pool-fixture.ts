/** A pool over doubles: accounts in a map, the log in memory, the clock by hand. */
import { toHex } from "@noema/core/bytes";
import { packBytes } from "@noema/core/packed";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { createMemoryLog } from "@noema/core/testing/memory-log";
import { nullLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import type { ExecutedBlock, SkippedTransaction } from "../../api.ts";
import { packTouched } from "../../blocks/touched.ts";
import type { AccountRecord } from "../../records.ts";
import { forkOf } from "../../rules/forks.ts";
import { EMPTY_ACCOUNT } from "../../state/account.ts";
import { decodeTransaction } from "../../transactions/decode.ts";
import { identify, readIdentities } from "../../transactions/identify.ts";
import { recoverSender } from "../../transactions/recover-sender.ts";
import { signTransaction, type TransactionFields } from "../../transactions/testing/sign-transaction.ts";
import type { PoolOptions } from "../options.ts";
import { createPool } from "../pool.ts";
import type { PoolDeps } from "../pool-interface.ts";

export const CHAIN = 1337n;
export const GWEI = 10n ** 9n;

export function keyOf(n: number): Bytes {
  return new Uint8Array(32).fill(n + 1);
}

export function addressOf(n: number): Bytes {
  return recoverSender(decodeTransaction(signTransaction({ chainId: CHAIN }, keyOf(n))));
}

/** A transfer by account `n`. */
export function transfer(n: number, nonce: number | bigint, fields: TransactionFields = {}): Bytes {
  return signTransaction(
    { chainId: CHAIN, nonce: BigInt(nonce), maxFeePerGas: 2n * GWEI, maxPriorityFeePerGas: GWEI, ...fields },
    keyOf(n),
  );
}

export function createPoolFixture(overrides: Partial<PoolOptions> = {}, deps: Partial<PoolDeps> = {}) {
  const accounts = new Map<string, { nonce: bigint; balance: bigint; codeHash?: Hash }>();
  const state = { baseFee: GWEI, rank: 0, epoch: 0, height: 0, log: createMemoryLog() };
  const clock = createSimClock();
  const fresh = () =>
    createPool(overrides, {
      chainId: CHAIN,
      fork: forkOf("osaka"),
      accounts: async (addresses) => addresses.map(record),
      code: async () => new Uint8Array(0),
      journal: state.log,
      identify: async (raws) => readIdentities(identify(packBytes(raws))), // in this turn, however long it takes
      clock,
      baseFee: () => state.baseFee,
      maxTransactionGas: () => 30_000_000n,
      blockGas: () => 30_000_000n,
      homeRank: () => state.rank,
      epoch: () => state.epoch,
      logger: nullLogger,
      metrics: nullMetrics,
      ...deps,
    });
  function record(address: Bytes): AccountRecord {
    const account = accounts.get(toHex(address)) ?? { nonce: 0n, balance: 10n ** 21n };
    return { ...EMPTY_ACCOUNT, ...account };
  }
  /** Executes: nonces of the included go up in the accounts. `changed`: by something else, and set in `accounts` already. */
  function block(raws: readonly Bytes[], skipped: SkippedTransaction[] = [], changed: readonly Bytes[] = []) {
    const senders = raws.map((raw) => {
      const tx = decodeTransaction(raw);
      const sender = recoverSender(tx);
      accounts.set(toHex(sender), { ...record(sender), nonce: tx.nonce + 1n });
      return sender;
    });
    const touched = packTouched([...senders, ...changed].map((address) => ({ address, record: record(address) })));
    const operations = changed.map((id) => ({ id, outcome: 0 as const }));
    return { touched, skipped, operations, result: { height: ++state.height } as ExecutedBlock["result"] };
  }
  return { pool: fresh(), fresh, clock, state, accounts, block };
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return (error as { code: string }).code;
  }
}
