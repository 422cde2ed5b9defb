/** The layers of one node, joined through their ports. */
import type { Consensus } from "@noema/consensus/runtime/consensus";
import { createConsensus } from "@noema/consensus/runtime/consensus";
import { equalBytes } from "@noema/core/bytes";
import { publicKeyOf } from "@noema/core/crypto/bls";
import { createCertificateScheme } from "@noema/core/crypto/certificate-scheme";
import { NoemaError } from "@noema/core/errors";
import { specHash } from "@noema/core/genesis";
import { keccak256 } from "@noema/core/hash";
import type { ExecResult } from "@noema/core/ports/application";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import type { DataLayer } from "@noema/core/ports/data";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Network } from "@noema/core/ports/network";
import { createBlobLane } from "@noema/da-layer/blob/lane";
import { createRowWorkerClient } from "@noema/da-layer/blob/worker-client";
import { MAX_BATCH_BYTES, MAX_BATCH_TXS } from "@noema/da-layer/limits";
import { blobLaneOptions, payloadLaneOptions } from "@noema/da-layer/options";
import { homeRank } from "@noema/da-layer/payload/home";
import { createPayloadLane } from "@noema/da-layer/payload/lane";
import type { ExecutionService } from "@noema/execution/api";
import { createPool } from "@noema/execution/pool/pool";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { createBatchChecker } from "@noema/execution/transactions/check-batch";
import { recoverSender } from "@noema/execution/transactions/recover-sender";
import { transactionRules } from "@noema/execution/transactions/rules";
import { createSenderCache } from "@noema/execution/transactions/sender-cache";
import { createApplication } from "../chain/application.ts";
import { createHeads, type Heads } from "../chain/heads.ts";
import { createChainPosition } from "../chain/position.ts";
import { receiveTransactions } from "../chain/transactions.ts";
import { systemClock as clock } from "../clock.ts";
import type { NodeConfig } from "../config.ts";
import { loadPeerKey } from "../keys/peer-key.ts";
import { createSigner } from "../keys/signer.ts";
import { loadValidatorKey } from "../keys/validator-key.ts";
import { createP2pNetwork } from "../p2p/p2p-network.ts";
import { systemRandom as random } from "../random.ts";
import { workerUrl } from "../threads/entry.ts";
import type { ChainSpec } from "./genesis.ts";
import type { Storage } from "./storage.ts";

export type Layers = {
  /** Index of this validator. */
  self: number;
  pool: Pool;
  consensus: Consensus;
  data: DataLayer;
  network: Network;
  heads: Heads;
  start(): Promise<void>;
  stop(): Promise<void>;
};

export type LayersDeps = {
  spec: ChainSpec;
  config: NodeConfig;
  storage: Storage;
  execution: ExecutionService;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
};

/** Results of blocks before the head that headers may still name after a restart. */
const RESULTS_LOADED = 64;

export async function joinLayers(deps: LayersDeps): Promise<Layers> {
  const { spec, config, storage, execution, logger, metrics, signal } = deps;
  const { chainId, fork } = spec.genesis;
  const set = spec.validatorSet(0);
  const secretKey = loadValidatorKey(config.datadir);
  const signer = createSigner(secretKey, spec.hash, indexOfKey(publicKeyOf(secretKey), set.members));
  const scheme = createCertificateScheme(spec.hash);
  const network = createP2pNetwork(
    { listen: [`/ip4/${config.p2p.host}/tcp/${config.p2p.port}`], peers: config.p2p.peers },
    {
      privateKey: (await loadPeerKey(config.datadir)).privateKey,
      hello: {
        genesisHash: spec.hash,
        specHash: specHash(),
        signer,
        scheme,
        validatorKey: (index) => set.members[index]?.publicKey,
      },
      clock,
      random,
      logger,
      metrics,
    },
  );

  const { height } = await execution.start();
  const position = createChainPosition(height, spec.consensus.epochLength, spec.validatorSet);
  const heads = createHeads({ latest: height, certified: 0 }, set.members.length === 1, logger);
  let executed = height;
  let nextFees = await execution.nextBaseFee(height);
  const epochSeed = (epoch: number) => consensus.epochSeed(epoch);

  const rowWorker = createRowWorkerClient({ url: workerUrl("data") });
  const recover = createSenderCache(async (tx) => recoverSender(tx));
  const rules = transactionRules(fork);
  const batchLimits = { maxTransactions: MAX_BATCH_TXS, maxBytes: MAX_BATCH_BYTES, maxGas: BigInt(spec.da.maxBatchGas) };
  // a transaction that no batch can hold would wait for ever
  const maxTransactionGas = spec.execution.gasLimit < batchLimits.maxGas ? spec.execution.gasLimit : batchLimits.maxGas;
  const pool = createPool(
    {},
    {
      chainId: BigInt(chainId),
      rules,
      accounts: (addresses) => execution.accounts(executed, addresses),
      journal: storage.pool,
      recover,
      clock,
      baseFee: () => nextFees.baseFeePerGas,
      maxTransactionGas,
      verifySidecar: (_hashes, { blobs, commitments, proofs }) => rowWorker.verifyBlobs(blobs, commitments, proofs),
      homeRank(sender) {
        const seed = epochSeed(position.epoch());
        return seed === undefined ? 0 : homeRank(seed, position.validatorSet(), sender, signer.index);
      },
      logger,
      metrics,
    },
  );
  const payload = createPayloadLane(payloadLaneOptions(spec.da, set.members.length === 1 ? { batchDelayMs: 0 } : {}), {
    ...position,
    signer,
    scheme,
    network,
    store: storage.batches,
    source: pool,
    checker: createBatchChecker({ chainId: BigInt(chainId), rules, ...batchLimits }, recover),
    onOutstanding: (txs) => pool.markInFlight(txs.map((raw) => keccak256(raw))),
    clock,
    logger,
    metrics,
  });
  const blobs = createBlobLane(blobLaneOptions(spec.da, chainId), {
    ...position,
    epochSeed,
    signer,
    scheme,
    network,
    catalog: storage.blobs.catalog,
    rows: storage.blobs.rows,
    worker: rowWorker,
    clock,
    logger,
    metrics,
  });
  const application = createApplication({
    execution,
    payload,
    blobs: blobs.blobCertificates(),
    validatorSet: spec.validatorSet,
    start: { height, results: await recentResults(execution, height) },
    async onExecuted(block) {
      executed = block.result.height;
      nextFees = await execution.nextBaseFee(executed);
      await pool.executed(block);
      heads.executed(block);
    },
    signal,
    clock,
    logger,
  });
  const consensus = createConsensus(spec.consensus, {
    clock,
    random,
    network,
    log: storage.votes,
    kv: storage.chain,
    signer,
    scheme,
    application,
    logger,
    metrics,
    genesisHash: spec.hash,
    genesisTimestampMs: spec.genesis.timestampMs,
  });
  consensus.onFinalized((block) => {
    position.advance(block.header.height);
    heads.certified(block.header.exec.height);
  });

  receiveTransactions(network, pool);
  return {
    self: signer.index,
    pool,
    consensus,
    data: blobs,
    network,
    heads,
    async start() {
      await consensus.start(signal);
      const tip = consensus.status().height;
      position.advance(tip);
      heads.certified(consensus.block(tip)?.header.exec.height ?? 0);
      await pool.start();
      payload.start();
      await blobs.start();
      await network.start(signal);
    },
    async stop() {
      await network.stop();
      await blobs.stop();
      await payload.stop();
      await consensus.stop();
      await pool.stop();
      await rowWorker.close();
    },
  };
}

/** Throws NOT_A_VALIDATOR. */
function indexOfKey(publicKey: Bytes, members: readonly { publicKey: Bytes }[]): number {
  const index = members.findIndex((x) => equalBytes(x.publicKey, publicKey));
  if (index < 0) throw new NoemaError("NOT_A_VALIDATOR", "the key in the data directory is not one of genesis.json's validators");
  return index;
}

async function recentResults(execution: ExecutionService, height: Height): Promise<ExecResult[]> {
  const from = Math.max(0, height - RESULTS_LOADED);
  const results = await Promise.all(Array.from({ length: height - from + 1 }, (_, i) => execution.result(from + i)));
  return results.filter((x) => x !== undefined);
}
