/** Transactions before they are ordered: the pool, and the static check of other validators' batches, over one cache of senders. */
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { PayloadChecker } from "@noema/core/ports/data";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Sidecars } from "@noema/core/ports/sidecars";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { indexOf, publicKeyHex } from "@noema/core/validator-index";
import { MAX_BATCH_BYTES, MAX_BATCH_TXS } from "@noema/da-layer/limits";
import { createHomeOrders } from "@noema/da-layer/payload/home";
import { createPool } from "@noema/execution/pool/pool";
import type { Pool } from "@noema/execution/pool/pool-interface";
import type { AccountRecord } from "@noema/execution/records";
import { forkOf } from "@noema/execution/rules/forks";
import { createBatchChecker } from "@noema/execution/transactions/check-batch";
import { createIdentityCache } from "@noema/execution/transactions/identity-cache";
import type { ChainPosition } from "../chain/position.ts";
import { systemClock as clock } from "../clock.ts";
import type { NodeConfig } from "../config.ts";
import type { CryptoPool } from "../threads/crypto-pool.ts";
import { createIdentify, orHere } from "../threads/identify.ts";
import type { ChainSpec } from "./genesis.ts";

export type TransactionParts = {
  spec: ChainSpec;
  self: PublicKeyHex | undefined;
  position: ChainPosition;
  epochSeed: (epoch: number) => Hash | undefined;
  /** Of `latest`, in the order asked. */
  accounts: (addresses: readonly Bytes[]) => Promise<AccountRecord[]>;
  code: (address: Bytes) => Promise<Bytes>;
  /** Of the next block. */
  baseFee: () => bigint;
  /** The same, where a control sets it. */
  gasLimit: () => bigint | undefined;
  journal: AppendLog;
  sidecars: Pick<Sidecars, "keep" | "holds">;
  crypto: CryptoPool;
  limitsOfPool: NodeConfig["pool"];
  logger: Logger;
  metrics: Metrics;
};

export type TransactionLayer = {
  pool: Pool;
  checker: PayloadChecker;
  /** Of the epoch at hand; undefined: its seed is not known yet. */
  homeOf(sender: Bytes): PublicKeyHex | undefined;
};

export function createTransactionParts(parts: TransactionParts): TransactionLayer {
  const { spec, self, position, epochSeed, accounts, code, baseFee, gasLimit, journal, sidecars, crypto, limitsOfPool, logger, metrics } =
    parts;
  const chainId = BigInt(spec.genesis.chainId);
  const fork = forkOf(spec.genesis.fork);
  const identifyByThreads = createIdentify(crypto);
  const isAlone = spec.validatorSet(0).members.length === 1;
  // of a lone validator nobody's batch is checked
  const identify = isAlone ? identifyByThreads : createIdentityCache(identifyByThreads, clock);
  const homeOrders = createHomeOrders();
  const maxGas = BigInt(spec.da.maxBatchGas);
  const blockGas = () => gasLimit() ?? spec.execution.gasLimit;
  const pool = createPool(
    { ...limitsOfPool },
    {
      chainId,
      fork,
      dev: spec.genesis.dev,
      keepsImages: isAlone,
      accounts,
      code,
      journal,
      identify,
      clock,
      baseFee,
      maxTransactionGas: () => (blockGas() < maxGas ? blockGas() : maxGas), // one that no batch can hold would wait for ever
      blockGas,
      sidecars,
      epoch: position.epoch,
      homeRank(sender) {
        const [seed, set] = [epochSeed(position.epoch()), position.validatorSet()];
        const own = indexOf(set, self);
        return seed === undefined || own === undefined ? 0 : homeOrders(seed, set, sender).indexOf(own);
      },
      logger,
      metrics,
    },
  );
  const limits = { chainId, fork, dev: spec.genesis.dev, maxTransactions: MAX_BATCH_TXS, maxBytes: MAX_BATCH_BYTES, maxGas };
  return {
    pool,
    checker: createBatchChecker(limits, orHere(identify)),
    homeOf(sender) {
      const [seed, set] = [epochSeed(position.epoch()), position.validatorSet()];
      const home = seed && set.members[homeOrders(seed, set, sender)[0] as number];
      return home && publicKeyHex(home.publicKey);
    },
  };
}
