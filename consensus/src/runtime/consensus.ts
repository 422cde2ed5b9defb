/**
 * The consensus service: the pure engine between clock, disk, keys, network and application. Frames and answers become events,
 * one loop steps the engine, and its effects are carried out in the order persist, sign, send (loop.ts). Final blocks are
 * durable in the chain store before the application executes them, one after the other (executor.ts).
 */
import { equalBytes, to0x } from "@noema/core/bytes";
import type { ExecResult } from "@noema/core/ports/application";
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { Service } from "@noema/core/ports/service";
import { consensusError } from "../errors.ts";
import type { ConsensusOptions } from "../options.ts";
import type { Block } from "../types.ts";
import type { ConsensusDeps } from "./deps.ts";
import { seedOf } from "./epoch-seed.ts";
import { type Finality, finalityOf } from "./finality.ts";
import type { FoundFault } from "./health.ts";
import { createListeners, type ViewChange } from "./listeners.ts";
import { type Running, startConsensus } from "./start.ts";
import type { ConsensusStatus } from "./status.ts";

export interface Consensus extends Service {
  /**
   * Takes part, once the network runs: listens whether another process has the own key, and votes when none has. Resolves when that is
   * known, at once on a chain without a block and without an own vote, and at the latest after some seconds. Throws KEY_IN_USE.
   */
  join(): Promise<void>;
  /** Resolves when this node may sign with its key: at once without one, and in a set of one. */
  keyIsFree(): Promise<void>;
  status(): ConsensusStatus;
  /** A final block; genesis is height 0. undefined: not final, or not known. */
  block(at: Height | Hash): Block | undefined;
  /** Throws CONSENSUS_NOT_FINAL. */
  finality(height: Height): Finality;
  /** The seed of an epoch from the randomness beacon; known up to the epoch after the one that the next block belongs to. */
  epochSeed(epoch: number): Hash | undefined;
  /** For a data lane that lost its log: the first epoch of which no header was ever signed with this key. undefined: not known yet. */
  untouchedEpoch(): number | undefined;
  /** Each final block, in order, once it is durable; it may be executed already or not yet. Returns how to end it. */
  onFinalized(f: (block: Block) => void): () => void;
  /** Each block that the application has executed, in order; after a restart also those that it executes again. */
  onExecuted(f: (block: Block, result: ExecResult) => void): () => void;
  onViewChange(f: (change: ViewChange) => void): () => void;
  /** Heights whose own result a final header carries, rising; after a start from its first turn on. Never after EXEC_DIVERGED. */
  onAgreed(f: (own: ExecResult) => void): () => void;
  /**
   * The application's state, or the chain store, is not as it was written, as somebody found who read it: this node votes for nothing any more.
   * A fault that is known stands.
   */
  damaged(store: "state" | "chain", cause: Error): void;
  /** Each fault that stops this node's votes, as it is found; EXEC_DIVERGED with both results. */
  onFault(f: (fault: FoundFault) => void): () => void;
}

/** `start` throws CONSENSUS_LOG_INVALID, CONSENSUS_STORE_CORRUPT; its signal ends all that is under way. The rest throws CONSENSUS_STOPPED before. */
export function createConsensus(options: ConsensusOptions, deps: ConsensusDeps): Consensus {
  const { application, genesisHash, logger } = deps;
  const listeners = createListeners(logger);
  let started: Running | undefined;

  function running(): Running {
    if (started === undefined) throw consensusError("CONSENSUS_STOPPED", "consensus has not been started");
    return started;
  }
  return {
    async start(signal) {
      started = await startConsensus(options, deps, listeners, signal);
      const { height, epoch, logLost } = started.status();
      logger.log("info", "consensus started", { height, epoch, logLost, genesis: to0x(genesisHash) });
    },
    join: () => running().join(),
    keyIsFree: () => running().keyIsFree,
    stop: async () => started?.stop(),
    status: () => running().status(),
    block(at) {
      const { store, genesis } = running();
      if (at === 0 || (typeof at !== "number" && equalBytes(at, genesis.hash))) return genesis;
      const height = typeof at === "number" ? at : store.heightOf(at);
      return height === undefined ? undefined : store.block(height);
    },
    finality: (height) => finalityOf({ store: running().store, genesisHash, setOf: (epoch) => application.validatorSet(epoch) }, height),
    epochSeed: (epoch) => seedOf(running().store, options.epochLength, genesisHash, epoch),
    untouchedEpoch: () => started?.untouchedEpoch(),
    onFinalized: (f) => listeners.add("finalized", f),
    onExecuted: (f) => listeners.add("executed", f),
    onViewChange: (f) => listeners.add("viewChange", f),
    onAgreed: (f) => listeners.add("agreed", f),
    damaged: (store, cause) => running().damaged(store, cause),
    onFault: (f) => listeners.add("fault", f),
  };
}
