/** The layers of one node, joined through their ports. */
import { setImmediate } from "node:timers/promises";
import type { Consensus } from "@noema/consensus/runtime/consensus";
import { createConsensus } from "@noema/consensus/runtime/consensus";
import { createCertificateScheme } from "@noema/core/crypto/certificate-scheme";
import { createOwnSignatures } from "@noema/core/crypto/own-signatures";
import { keccak256 } from "@noema/core/hash";
import type { DataLayer } from "@noema/core/ports/data";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Sidecars } from "@noema/core/ports/sidecars";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { isNear } from "@noema/core/validator-index";
import { createDiskRoom } from "@noema/da-layer/blob/disk-room";
import { createBlobLane } from "@noema/da-layer/blob/lane";
import { blobLaneOptions, INSTANT_PACE, payloadLaneOptions } from "@noema/da-layer/options";
import { createPayloadLane } from "@noema/da-layer/payload/lane";
import type { SamplingFace } from "@noema/da-layer/sampling/cell-server";
import type { ExecutionService } from "@noema/execution/api";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { blobHashesOf } from "@noema/execution/transactions/network-form";
import { createApplication } from "../chain/application.ts";
import { haltOf } from "../chain/facts.ts";
import { createHeads, type Head, type Heads, revertsAmong } from "../chain/heads.ts";
import { retellIncluded } from "../chain/inclusions.ts";
import { mineOnce } from "../chain/mine.ts";
import { gatedPool } from "../chain/mining-gate.ts";
import { startMiningTicker } from "../chain/mining-ticker.ts";
import { createOperations, type Operations } from "../chain/operations.ts";
import { createChainPosition } from "../chain/position.ts";
import { roomyPool } from "../chain/roomy-pool.ts";
import { tellTransactions } from "../chain/tell-transactions.ts";
import { forwardingPool, receiveTransactions, retellTransactions } from "../chain/transactions.ts";
import { systemClock as clock } from "../clock.ts";
import type { NodeConfig } from "../config.ts";
import type { Gate } from "../diverged/gate.ts";
import { guardState } from "../diverged/guard.ts";
import { guardedPool } from "../diverged/guarded-pool.ts";
import type { Damage } from "../health/damage.ts";
import { type WatchedChecker, watchBatches } from "../inference/watch-batches.ts";
import type { P2pNetwork } from "../p2p/p2p-network.ts";
import { systemRandom as random } from "../random.ts";
import type { Room } from "../store/room.ts";
import { createPeerPairing } from "../threads/peer-pairing.ts";
import type { ChainSpec } from "./genesis.ts";
import { joinNetwork, loadSigner } from "./identity.ts";
import { joinSidecars } from "./sidecars.ts";
import type { Storage } from "./storage.ts";
import type { Threads } from "./threads.ts";
import { createTransactionParts } from "./transactions.ts";
import type { Watches } from "./watches.ts";

export type Layers = {
  pool: Pool;
  /** As clients use it. */
  clientPool: Pool;
  consensus: Consensus;
  data: DataLayer;
  sidecars: Sidecars;
  sampling: SamplingFace;
  network: P2pNetwork;
  heads: Heads;
  /** What came in another validator's batch first and may call a contract. */
  onHeard: WatchedChecker["onHeard"];
  /** Of a development chain. */
  operations?: Operations;
  start(): Promise<void>;
  stop(): Promise<void>;
};

export type LayersDeps = {
  spec: ChainSpec;
  config: NodeConfig;
  storage: Storage;
  room: Room;
  damage: Damage;
  watches: Watches;
  threads: Threads;
  execution: ExecutionService;
  gate: Gate;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
  onFatal(reason: Error): void;
};

/** Results of blocks before the head that headers may still name after a restart. */
const RESULTS_LOADED = 512;

export async function joinLayers(deps: LayersDeps): Promise<Layers> {
  const { spec, config, storage, room, damage, watches, threads, execution, gate, logger, metrics, signal, onFatal } = deps;
  const { crypto, rowWorker } = threads;
  const own = createOwnSignatures();
  const signer = await loadSigner(config, spec, own);
  const scheme = createCertificateScheme(spec.hash, own, createPeerPairing(crypto, clock));
  const { result: newest, dev } = await execution.start();
  const { height } = newest;
  const position = createChainPosition(height, spec.consensus.epochLength, spec.validatorSet);
  const isValidator = (publicKey: PublicKeyHex) => isNear(spec.validatorSet, position.epoch(), publicKey);
  const network = await joinNetwork({ spec, config, signer, isValidator, scheme, watches, logger, metrics });
  watches.watch(network);
  const alone = signer !== undefined && spec.validatorSet(0).members.length === 1;
  const nextFees = await execution.feesAfter(newest.number);
  const reverts = dev === undefined ? [] : revertsAmong(await execution.results(Math.max(0, height - RESULTS_LOADED), height));
  const heads = createHeads({ latest: newest, nextFees, dev, reverts }, alone, logger);
  let executed: Head = newest;
  const epochSeed = (epoch: number) => consensus.epochSeed(epoch);

  const disk = createDiskRoom(storage.blobs.diskFree, config.da.diskReserve, metrics);
  const sidecars = joinSidecars({
    fork: spec.genesis.fork,
    retentionSeconds: config.da.sidecarRetentionSeconds,
    files: storage.blobs.sidecars,
    disk,
    worker: rowWorker,
    network,
    heads,
    startedAt: Number((await execution.block(newest.number))?.timestamp ?? 0n),
    logger,
    metrics,
  });
  const transactions = createTransactionParts({
    spec,
    self: signer?.publicKey,
    position,
    epochSeed,
    accounts: (addresses) =>
      execution.accounts(executed.height, addresses).catch((error) => {
        damage.suspect("state", error);
        throw error;
      }),
    code: (address) => execution.code(executed.number, address),
    baseFee: () => heads.nextFees().baseFeePerGas,
    gasLimit: () => heads.controls()?.gasLimit,
    journal: storage.pool,
    sidecars,
    crypto,
    limitsOfPool: config.pool,
    logger,
    metrics,
  });
  const { pool: openPool } = transactions;
  const { checker, onHeard } = watchBatches(transactions.checker, openPool);
  const forwarding = signer === undefined ? forwardingPool(openPool, network, isValidator) : openPool;
  const pool = gatedPool(guardedPool(roomyPool(forwarding, room), gate), heads);
  const untouchedEpoch = () => consensus.untouchedEpoch();
  const lane = { ...position, untouchedEpoch, signer, scheme, network, clock, logger, metrics };
  const pace = spec.consensus.instant ? INSTANT_PACE : { ...(alone && { batchDelayMs: 0, gapMs: 0 }) };
  const operations = createOperations({ dev: spec.genesis.dev, isValidator: signer !== undefined, clock, random });
  const payload = createPayloadLane(payloadLaneOptions(spec.da, pace), {
    ...lane,
    store: storage.batches,
    source: pool,
    checker,
    sidecars: { hashesOf: blobHashesOf, obtain: sidecars.obtain },
    operations,
    onOutstanding: ({ txs, hashes }) => pool.markInFlight(hashes ?? txs.map((raw) => keccak256(raw))),
  });
  const { catalog, rows } = storage.blobs;
  const blobs = createBlobLane(blobLaneOptions(spec.da, spec.genesis.chainId, config.da), {
    ...lane,
    epochSeed,
    halted: () => haltOf(consensus.status(), room.lack()),
    catalog,
    rows,
    disk,
    worker: rowWorker,
  });
  const inclusions = { payload, blobs: blobs.blobCertificates() };
  const application = createApplication({
    execution,
    ...inclusions,
    validatorSet: spec.validatorSet,
    start: { height, results: await execution.results(Math.max(0, height - RESULTS_LOADED), height) },
    async onExecuted(block) {
      executed = block.result; // in one step with the next: what the pool asks for then is at least as new as what it was told
      await pool.executed(block);
      heads.executed(block);
      await setImmediate(); // who waits for the block is answered before anything follows from it
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
    ended: onFatal,
    fault: gate.closed(),
    keepHeights: config.keepHeights,
  });
  const { homeOf } = transactions;
  const teller = tellTransactions(pool, network, { of: homeOf, self: signer?.publicKey }, clock);
  consensus.onFinalized(({ header }) => {
    const epoch = position.epoch();
    position.advance(header.height);
    if (position.epoch() !== epoch) teller.moved();
  });
  consensus.onAgreed(heads.agreed);
  heads.onHead((block) => operations?.executed(block));
  if (gate.closed() !== undefined) heads.doubt();
  gate.onClose(heads.doubt);
  const guard = guardState({
    datadir: config.datadir,
    genesisHash: spec.hash,
    self: signer?.publicKey,
    gate,
    consensus,
    execution,
    clock,
    logger,
  });
  const tick = () => {
    if (operations === undefined || signer === undefined) return () => {};
    const mine = () => mineOnce({ operations, pool, controls: heads.controls }, { count: 1, ifDue: true });
    return startMiningTicker({ heads, rank: () => consensus.status().self ?? -1, mine, clock, logger });
  };
  let endTicker = () => {};
  receiveTransactions(network, pool, sidecars, logger);
  const endTelling = signer === undefined ? retellTransactions(openPool, network, clock) : () => {};
  return {
    pool,
    clientPool: teller.pool,
    consensus,
    data: blobs,
    sidecars,
    sampling: blobs.sampling,
    network,
    heads,
    onHeard,
    operations,
    async start() {
      await consensus.start(signal);
      damage.onFound(consensus.damaged);
      position.advance(consensus.status().height);
      await pool.start();
      retellIncluded(inclusions, consensus.block, height);
      sidecars.start();
      await network.start(signal);
      // These sign as well. After `join` has listened; on a new chain that goes on beside the rest of the start.
      const signing = consensus.keyIsFree().then(() => {
        if (signal.aborted) return undefined;
        payload.start();
        return blobs.start();
      });
      signing.catch(onFatal);
      await consensus.join();
      endTicker = tick();
    },
    async stop() {
      endTicker();
      teller.stop();
      endTelling();
      await network.stop();
      sidecars.stop();
      await blobs.stop();
      await payload.stop();
      await consensus.stop();
      await guard.settled();
      await pool.stop();
    },
  };
}
