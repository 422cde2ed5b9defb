/** One running consensus node: makes the parts, and joins them. */
import { equalBytes, to0x } from "@noema/core/bytes";
import type { Hash, Height } from "@noema/core/ports/bytes";
import { createEngine, step } from "../engine/engine.ts";
import type { Effect } from "../engine/events.ts";
import { blockByHash, leaderOf, type State } from "../engine/state.ts";
import type { ConsensusOptions } from "../options.ts";
import { type ChainStore, createChainStore } from "../store/chain-store.ts";
import type { Block } from "../types.ts";
import { createAvailabilityChecks } from "./availability-checks.ts";
import { createBlockServer, serveBlocks } from "./block-server.ts";
import { createChecks } from "./checks.ts";
import type { Listeners } from "./consensus.ts";
import type { ConsensusDeps } from "./deps.ts";
import { createEffects } from "./effects.ts";
import { createEventQueue } from "./event-queue.ts";
import { createExecWatch, type Divergence } from "./exec-watch.ts";
import { createExecutor } from "./executor.ts";
import { createGenesisBlock } from "./genesis-block.ts";
import { createHealth } from "./health.ts";
import { createInclusionIndex } from "./inclusion-index.ts";
import { createLoop } from "./loop.ts";
import { countDrops, observe } from "./metrics.ts";
import { createNotarizations } from "./notarizations.ts";
import { createPayloadLevel } from "./payload-level.ts";
import { createPeers } from "./peers.ts";
import { engineParams, lastBlocks, recoverLog, restoreFrom } from "./recovery.ts";
import { type ConsensusStatus, quorumOf } from "./status.ts";

export type Node = {
  readonly store: ChainStore;
  status(): ConsensusStatus;
  block(at: Height | Hash): Block | undefined;
  stop(): Promise<void>;
};

export async function openNode(options: ConsensusOptions, deps: ConsensusDeps, listeners: Listeners, signal: AbortSignal): Promise<Node> {
  const { application, clock, logger, network, scheme, signer } = deps;
  const setOf = application.validatorSet.bind(application);
  const isBoundary = (height: Height) => height > 0 && height % options.epochLength === 0;
  const genesis = genesisBlockOf(deps);
  const store = createChainStore(deps.kv, isBoundary);
  const log = await recoverLog(deps);
  const health = createHealth(logger);
  const ending = new AbortController();
  const index = createInclusionIndex(options.inclusionWindow);
  lastBlocks(store, options.inclusionWindow, index.add);
  const state: State = createEngine(
    { params: engineParams(options), self: signer?.index, setForEpoch: setOf },
    restoreFrom(store, genesis, log, deps),
  );

  const queue = createEventQueue(options.maxQueue, () => loop.wake());
  const drops = countDrops(deps.metrics);
  const peers = createPeers({
    network,
    clock,
    self: signer?.index,
    received: (from, message) => !ending.signal.aborted && queue.offer(from, { type: "Received", from, message }),
    dropped: drops.add,
  });
  const failed = (error: unknown) => health.fail("CONSENSUS_STORAGE_FAILED", error);
  const watch = createExecWatch((height) => application.result(height), diverged);
  const notarizations = createNotarizations();
  const payload = createPayloadLevel({
    options,
    application,
    index,
    tip: () => state.tip,
    isBoundary,
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
      for (const f of listeners.executed) f(block, result);
    },
    failed: (error) => health.fail("CONSENSUS_EXECUTION_FAILED", error),
  });
  const server = createBlockServer(store, (hash) => blockByHash(state, hash));
  const checkAvailability = createAvailabilityChecks(scheme, setOf);
  const effects = createEffects({
    ...deps,
    queue,
    peers,
    checks: createChecks(scheme, setOf),
    validation: { options, scheme, checkAvailability, index, setOf, resultOf: (height) => application.result(height) },
    signer,
    drafting: signer && { options, application, signer, checkAvailability, index },
    server,
    payload,
    signal: AbortSignal.any([signal, ending.signal]),
    mayVote: health.ok,
    finalize,
    prune: ({ epoch, view }) => log.prune({ epoch, view }),
    diverged: (hash) => health.fail("CONSENSUS_FORKED", new Error(`finalized beside the own chain: ${hash && to0x(hash)}`)),
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
    },
    sync: log.sync,
    carryOut: effects.carryOut,
    finalizing: ({ blocks }) => {
      for (const { block } of blocks) index.add(block);
    },
    turned: viewMayHaveChanged,
    failed,
  });

  function certified(cert: { kind: string; hash?: Hash }): void {
    if (cert.kind === "nullify") payload.nullified();
    const block = cert.kind === "notarize" && cert.hash ? blockByHash(state, cert.hash) : undefined;
    if (block !== undefined) watch.notarized(block.header);
  }
  async function finalize({ blocks }: Extract<Effect, { type: "Finalize" }>): Promise<void> {
    await store.append(blocks.map((final) => ({ ...final, notarization: notarizations.take(final.block) })));
    executor.wake();
    payload.refresh();
    for (const { block } of blocks) {
      watch.notarized(block.header);
      for (const f of listeners.finalized) f(block);
    }
  }
  function diverged({ height, headerHeight, own, notarized }: Divergence): void {
    const message = `own result of height ${height} contradicts the header of height ${headerHeight}`;
    health.fail("EXEC_DIVERGED", new Error(message), { own: printable(own), notarized: printable(notarized) });
  }
  let seen = { epoch: state.epoch, view: state.view };
  function viewMayHaveChanged(): void {
    if (seen.epoch === state.epoch && seen.view === state.view) return;
    seen = { epoch: state.epoch, view: state.view };
    for (const f of listeners.viewChange) f({ ...seen, leader: leaderOf(state, state.view) });
  }

  function heard(): number[] {
    const since = clock.nowMs() - heardWithinMs(options.deltaMs);
    const near = peers.connected().filter((i) => (peers.heardAt(i) ?? 0) >= since);
    return [...near, ...(signer === undefined ? [] : [signer.index])].sort((a, b) => a - b);
  }
  function status(): ConsensusStatus {
    return {
      epoch: state.epoch,
      view: state.view,
      height: store.tip(),
      executed: executor.height(),
      leader: leaderOf(state, state.view),
      backoff: state.backoff,
      ...quorumOf(state.set, heard()),
      logLost: state.lost?.phase === "Collecting",
      healthy: health.ok(),
      fault: health.fault(),
      queue: queue.length,
      dropped: drops.total() + queue.dropped,
    };
  }
  observe(deps.metrics, status);
  serveBlocks(network, store, server);
  application.onPayload(payload.refresh);
  queue.push({ type: "Start" });
  if (executor.height() > 0) queue.push({ type: "ExecReady", height: executor.height() });
  executor.wake();
  payload.refresh();

  return {
    store,
    status,
    block(at) {
      const height = typeof at === "number" ? at : equalBytes(at, genesis.hash) ? 0 : store.heightOf(at);
      return height === 0 ? genesis : height === undefined ? undefined : store.block(height);
    },
    async stop() {
      ending.abort();
      await loop.stop();
      effects.cancelTimer();
      await effects.drained();
      await executor.stop();
    },
  };
}

function genesisBlockOf({ application, genesisHash, genesisTimestampMs }: ConsensusDeps): Block {
  const exec = application.result(0);
  const set = application.validatorSet(0);
  if (exec === undefined || set === undefined) throw new RangeError("the application has no result or validators of genesis");
  return createGenesisBlock({ genesisHash, timestampMs: genesisTimestampMs, exec, set });
}

/** Status comes at least every second or 3Δ; two may be lost. */
function heardWithinMs(deltaMs: number): number {
  return 3 * Math.max(1000, 3 * deltaMs);
}

function printable(o: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(o).map(([k, v]) => [k, v instanceof Uint8Array ? to0x(v) : typeof v === "bigint" ? `${v}` : v]));
}
