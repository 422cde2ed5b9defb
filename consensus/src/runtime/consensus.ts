/**
 * The consensus service: the pure engine between clock, disk, keys, network and application. Frames and answers become events,
 * one loop steps the engine, and its effects are carried out in the order persist, sign, send (loop.ts). Final blocks are
 * durable in the chain store before the application executes them, one after the other (executor.ts).
 */
import { to0x } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import type { ExecResult } from "@noema/core/ports/application";
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { Service } from "@noema/core/ports/service";
import type { ConsensusOptions } from "../options.ts";
import type { Block } from "../types.ts";
import type { ConsensusDeps } from "./deps.ts";
import type { Finality } from "./finality.ts";
import { finalityOf } from "./finality.ts";
import { type Node, openNode } from "./node.ts";
import type { ConsensusStatus } from "./status.ts";

export type ViewChange = { epoch: number; view: number; leader: number };

export interface Consensus extends Service {
  status(): ConsensusStatus;
  /** A final block; genesis is height 0. undefined: not final, or not known. */
  block(at: Height | Hash): Block | undefined;
  /** Throws CONSENSUS_NOT_FINAL. */
  finality(height: Height): Finality;
  /** Each final block, in order, once it is durable and before it is executed. Returns how to end it. */
  onFinalized(f: (block: Block) => void): () => void;
  /** Each block that the application has executed, in order; after a restart also those that it executes again. */
  onExecuted(f: (block: Block, result: ExecResult) => void): () => void;
  onViewChange(f: (change: ViewChange) => void): () => void;
}

export type Listeners = {
  finalized: Set<(block: Block) => void>;
  executed: Set<(block: Block, result: ExecResult) => void>;
  viewChange: Set<(change: ViewChange) => void>;
};

/** `start` throws CONSENSUS_LOG_INVALID, CONSENSUS_STORE_CORRUPT. The signal given to it ends all that is under way. */
export function createConsensus(options: ConsensusOptions, deps: ConsensusDeps): Consensus {
  const listeners: Listeners = { finalized: new Set(), executed: new Set(), viewChange: new Set() };
  let node: Node | undefined;

  function running(): Node {
    if (node === undefined) throw new NoemaError("CONSENSUS_STOPPED", "consensus has not been started");
    return node;
  }
  function listen<T>(set: Set<T>, f: T): () => void {
    set.add(f);
    return () => void set.delete(f);
  }
  return {
    async start(signal) {
      node = await openNode(options, deps, listeners, signal);
      const { height, epoch, logLost } = node.status();
      deps.logger.log("info", "consensus started", { height, epoch, logLost, genesis: to0x(deps.genesisHash) });
    },
    stop: async () => node?.stop(),
    status: () => running().status(),
    block: (at) => running().block(at),
    finality: (height) =>
      finalityOf({ store: running().store, genesisHash: deps.genesisHash, setOf: deps.application.validatorSet }, height),
    onFinalized: (f) => listen(listeners.finalized, f),
    onExecuted: (f) => listen(listeners.executed, f),
    onViewChange: (f) => listen(listeners.viewChange, f),
  };
}
