/** Starts a consensus node: reads what is durable, makes the parts, and joins them. */
import { to0x } from "@noema/core/bytes";
import { servePeers } from "@noema/core/peer-methods";
import type { Height } from "@noema/core/ports/bytes";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { indexOf, isNear } from "@noema/core/validator-index";
import { ownStatus } from "../engine/catch-up.ts";
import { createEngine, step } from "../engine/engine.ts";
import { blockByHash, type State } from "../engine/state.ts";
import type { VoteLog } from "../log/vote-log.ts";
import type { ConsensusOptions } from "../options.ts";
import { type ChainStore, createChainStore } from "../store/chain-store.ts";
import type { Block, Cert } from "../types.ts";
import { createAvailabilityChecks } from "./availability-checks.ts";
import { createBlockServer, serveBlocks } from "./block-server.ts";
import { createChainMeter } from "./chain-meter.ts";
import { createChecks } from "./checks.ts";
import type { ConsensusDeps } from "./deps.ts";
import { createEffects } from "./effects.ts";
import { createEventQueue } from "./event-queue.ts";
import { createExecWatch } from "./exec-watch.ts";
import { createExecutor } from "./executor.ts";
import { failedIn, reportTo } from "./failures.ts";
import { storeFinal } from "./finalizing.ts";
import { follow } from "./following.ts";
import { openGenesis } from "./genesis-block.ts";
import { createHealth } from "./health.ts";
import { createInclusionIndex } from "./inclusion-index.ts";
import { createLeftBehind } from "./left-behind.ts";
import type { Listeners } from "./listeners.ts";
import { createLoop } from "./loop.ts";
import { METHODS } from "./methods.ts";
import { countDrops, observe } from "./metrics.ts";
import { createNotarizations } from "./notarizations.ts";
import { createPayloadLevel } from "./payload-level.ts";
import { createPeers } from "./peers.ts";
import { planReveals } from "./plan-reveals.ts";
import { engineParams, lastBlocks, recoverLog, restoreFrom, untouchedEpoch } from "./recovery.ts";
import { createReveals } from "./reveals.ts";
import { createStall } from "./stall.ts";
import { type ConsensusStatus, statusOf } from "./status.ts";
import { viewChanges } from "./view-changes.ts";
import { watchKey } from "./watch-key.ts";
import { createWitness } from "./witness.ts";

/** Final headers that are compared again at a start: what a crash came between is among the newest few. */
const COMPARED_AGAIN = 64;
/** Events that may wait for the engine: of 200 validators a few messages each for 7 views. Frames beyond are dropped and counted. */
const MAX_QUEUE = 4096;

export type Running = {
  readonly store: ChainStore;
  readonly genesis: Block;
  join(): Promise<void>;
  readonly keyIsFree: Promise<void>;
  status(): ConsensusStatus;
  /** See Consensus. */
  untouchedEpoch(): number | undefined;
  damaged(store: "state" | "chain", cause: Error): void;
  stop(): Promise<void>;
};

export async function startConsensus(
  options: ConsensusOptions,
  deps: ConsensusDeps,
  listeners: Listeners,
  signal: AbortSignal,
): Promise<Running> {
  const store = createChainStore(deps.kv, isBoundaryIn(options));
  const genesis = await openGenesis(store, deps);
  const log = await recoverLog(deps, store);
  const state = createEngine(
    {
      params: engineParams(options),
      self: deps.signer?.publicKey,
      setForEpoch: (epoch) => deps.application.validatorSet(epoch),
    },
    restoreFrom(store, genesis, log, deps),
  );
  return run({ options, deps, listeners, signal, genesis, store, log, state });
}

function isBoundaryIn({ epochLength }: ConsensusOptions) {
  return (height: Height) => height > 0 && height % epochLength === 0;
}

type Opened = {
  options: ConsensusOptions;
  deps: ConsensusDeps;
  listeners: Listeners;
  signal: AbortSignal;
  genesis: Block;
  store: ChainStore;
  log: VoteLog;
  state: State;
};

function run({ options, deps, listeners, signal, genesis, store, log, state }: Opened): Running {
  const { application, clock, logger, network, scheme, signer } = deps;
  const setOf = (epoch: number) => application.validatorSet(epoch);
  const isValidator = (publicKey: PublicKeyHex) => isNear(setOf, state.epoch, publicKey);
  const health = createHealth(logger, deps.fault, (fault) => listeners.tell("fault", fault));
  const failed = failedIn(health);
  const stateDamaged = (height: Height, cause: string) =>
    health.fail("EXEC_DIVERGED", new Error(`the state is damaged: ${cause}`), {}, { height });
  const ending = new AbortController();
  const index = createInclusionIndex(options.inclusionWindow);
  lastBlocks(store, options.inclusionWindow, index.add);
  const watch = createExecWatch(
    {
      result: (height) => application.result(height),
      final: (height) => store.block(height)?.header,
      executed: () => executor.height(),
      diverged: reportTo(health),
      agreed: (own) => listeners.tell("agreed", own),
    },
    Math.max(1, Math.min(application.recovered(), store.tip()) - COMPARED_AGAIN),
  );
  const notarizations = createNotarizations();
  const server = createBlockServer(store, (hash) => blockByHash(state, hash));
  const checkAvailability = createAvailabilityChecks(scheme, setOf);
  const drops = countDrops(deps.metrics, (code, count) =>
    logger.log("debug", "frames of the consensus lane were dropped", { code, count }),
  );

  const reveals = signer && createReveals(signer);
  const stall = createStall(state, clock);
  const tellViews = viewChanges(state, listeners);
  const planReveal = planReveals(state, clock, ending.signal, reveals);
  const meter = createChainMeter({
    metrics: deps.metrics,
    clock,
    selfIn(epoch) {
      const set = setOf(epoch);
      return set && indexOf(set, signer?.publicKey);
    },
    tip: state.tip,
    records: log.records,
  });
  const witness = createWitness({ clock, logger, metrics: deps.metrics, scheme, setOf });
  const key = watchKey({ deps, state, store, log, health, setOf, isValidator, newest: witness.newest });
  const queue = createEventQueue(MAX_QUEUE, () => key.isFree() && loop.wake());
  const peers = createPeers({
    network,
    clock,
    self: signer?.publicKey,
    isValidator,
    setOf,
    received(from, message) {
      if (ending.signal.aborted) return false;
      witness.heard(from, message);
      return queue.offer(from, { type: "Received", from, message });
    },
    dropped: drops.add,
  });
  const leftBehind = createLeftBehind({ tip: store.tip, connected: peers.connected, logger });
  const payload = createPayloadLevel({
    options,
    application,
    index,
    tip: () => state.tip,
    isBoundary: isBoundaryIn(options),
    changed: (level) => queue.push({ type: "PayloadHeld", level }),
    failed: (error) => logger.log("warn", "the application gave no candidates", { error: String(error) }),
  });
  const executor = createExecutor({
    store,
    application,
    setOf,
    executed(block, result) {
      queue.push({ type: "ExecReady", height: block.header.height });
      watch.executed(block.header.height);
      payload.refresh();
      listeners.tell("executed", block, result);
    },
    damaged: stateDamaged,
    clock,
    logger,
    signal: AbortSignal.any([signal, ending.signal]),
  });
  const keep = deps.keepHeights && Math.max(deps.keepHeights, options.epochLength + options.inclusionWindow);
  const finalizing = {
    store,
    notarizations,
    keepFrom: (tip: Height) => (keep ? Math.min(tip - keep, executor.height()) + 1 : 0),
    stored(blocks: readonly Block[]) {
      watch.advance();
      executor.wake();
      payload.finalized(blocks);
    },
    announce(block: Block) {
      meter.finalized(block);
      listeners.tell("finalized", block);
    },
  };
  const effects = createEffects({
    clock,
    random: deps.random,
    network,
    logger,
    signer,
    queue,
    peers,
    leftBehind,
    checks: createChecks(scheme, setOf),
    setOf,
    validation: { options, scheme, checkAvailability, index, setOf, resultOf: (height) => application.result(height) },
    drafting: reveals && { options, application, reveals, checkAvailability, index },
    server,
    payload,
    signal: AbortSignal.any([signal, ending.signal]),
    mayVote: health.ok,
    finalize: (effect) => storeFinal(finalizing, effect),
    prune: ({ epoch, view }) => log.prune({ epoch, view }),
    diverged: (hash) => health.fail("CONSENSUS_FORKED", new Error(`final beside the own chain: ${hash && to0x(hash)}`)),
    failed,
  });
  const loop = createLoop({
    clock,
    step: (event) => step(state, event),
    takeAll: queue.takeAll,
    append(records) {
      log.append(records);
      notarizations.note(records);
      for (const record of records) if (record.type === "Cert") certified(record.cert);
      meter.appended(records);
      key.appended(records);
    },
    sync: log.sync,
    carryOut: effects.carryOut,
    isSent: ({ vote, to }) => to === "all" && setOf(vote.epoch)?.members.length !== 1,
    sign: effects.sign,
    finalizing({ blocks }) {
      for (const { block } of blocks) index.add(block);
      executor.final(blocks);
    },
    turned() {
      stall.turned();
      tellViews();
      planReveal();
    },
    failed,
  });
  function certified({ kind, hash }: Cert): void {
    if (kind === "nullify") payload.nullified();
    const block = kind === "notarize" && hash ? blockByHash(state, hash) : undefined;
    if (block !== undefined) watch.notarized(block.header);
  }

  const status = () => statusOf({ options, clock, state, store, executor, peers, queue, health, leftBehind, stall, drops });
  observe(deps.metrics, status, setOf);
  serveBlocks(deps, server);
  servePeers(deps, METHODS.status, async function* () {
    const status = ownStatus(state, 0);
    await loop.durable(); // an own vote may be in its certificates
    yield status;
  });
  follow({
    clock,
    network,
    logger,
    peers,
    queue,
    signal: AbortSignal.any([signal, ending.signal]),
    follows: () => state.self === undefined,
  });
  application.onPayload(payload.refresh);
  watch.advance();
  queue.push({ type: "Start" });
  void key.free.then(() => loop.wake());
  executor.wake();
  payload.refresh();
  return {
    store,
    genesis,
    status,
    untouchedEpoch: () => untouchedEpoch(state),
    damaged(of, cause) {
      if (!health.ok()) return;
      if (of === "state") stateDamaged(executor.height(), cause.message);
      else health.fail("CONSENSUS_STORAGE_FAILED", cause);
    },
    join: key.join,
    keyIsFree: key.free,
    async stop() {
      ending.abort();
      key.stop();
      await loop.stop();
      effects.cancelTimer();
      await effects.drained();
      await executor.drained();
    },
  };
}
