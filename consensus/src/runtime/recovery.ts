/** What is durable at start: the chain store's tip, and the vote log (consensus.md 2.3, 2.8.5). */
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Height } from "@noema/core/ports/bytes";
import type { Restore } from "../engine/events.ts";
import { genesisBeacon } from "../engine/seed.ts";
import type { State } from "../engine/state.ts";
import { consensusError } from "../errors.ts";
import { beginLostLog, initVoteLog, lacksFinal, openVoteLog, type VoteLog } from "../log/vote-log.ts";
import type { ConsensusOptions } from "../options.ts";
import type { ChainStore } from "../store/chain-store.ts";
import type { Block, Cert } from "../types.ts";
import type { ConsensusDeps } from "./deps.ts";

/** Opens the vote log. A validator without one has lost it; a node that only follows begins one. */
export async function recoverLog(
  deps: Pick<ConsensusDeps, "log" | "genesisHash" | "signer" | "logger">,
  store: Pick<ChainStore, "tip" | "finalizedUpTo">,
): Promise<VoteLog> {
  const { log, genesisHash, signer, logger } = deps;
  const found = openVoteLog(log, genesisHash);
  const newest = store.finalizedUpTo(store.tip())?.cert;
  const loss = lossOf(log, found, newest);
  if (loss === undefined) return found;
  if (signer === undefined) {
    await initVoteLog(log, genesisHash);
    log.settle();
  } else {
    logger.log("warn", "the vote log is missing or not whole: no votes until validators with two thirds of stake have answered", { loss });
    await beginLostLog(log, genesisHash, newest);
  }
  return openVoteLog(log, genesisHash);
}

function lossOf(log: AppendLog, found: VoteLog, newest: Cert | undefined): string | undefined {
  if (log.loss !== undefined) return log.loss;
  if (found.lost) return "it does not begin with the record of this chain";
  return lacksFinal(found.records, newest)
    ? "it lacks the newest final certificate of the chain store, so it is older than the store"
    : undefined;
}

export function restoreFrom(store: ChainStore, genesis: Block, log: VoteLog, deps: Pick<ConsensusDeps, "random" | "genesisHash">): Restore {
  const height = store.tip();
  const tip = height === 0 ? genesis : must(store.block(height), height);
  const beacon = height === 0 ? genesisBeacon(deps.genesisHash) : must(store.beacon(height), height);
  return {
    tip,
    beacon,
    base: newestBoundary(store, tip),
    finalized: store.finalizedUpTo(height)?.cert,
    records: log.records,
    entropy: deps.random.bytes(32),
  };
}

/**
 * The first epoch in which nothing can have been signed with this key, votes or headers of data, by a life whose logs are lost: it
 * signed headers of at most the epoch after that of its next block. Where the chain store lies behind the vote log, it was lost too,
 * and the log tells at most one epoch less than that life stood in; where both were, what the others proved does. undefined: they have not yet.
 */
export function untouchedEpoch(s: Pick<State, "tip" | "config" | "loggedEpoch" | "lost">): number | undefined {
  if (s.lost?.phase === "Collecting") return undefined;
  const epoch = Math.floor(s.tip.header.height / s.config.params.epochLength);
  const logged = s.loggedEpoch > epoch ? s.loggedEpoch + 1 : epoch;
  return Math.max(epoch, logged, s.lost === undefined ? 0 : s.lost.epoch + 1) + 2;
}

/** That of the tip's epoch when the tip ends it, else that of the one before. */
function newestBoundary(store: ChainStore, { header }: Block): Restore["base"] {
  return store.boundary(header.epoch) ?? (header.epoch > 0 ? must(store.boundary(header.epoch - 1), header.height) : undefined);
}

/** Calls `f` with the last `count` final blocks, oldest first. */
export function lastBlocks(store: ChainStore, count: number, f: (block: Block) => void): void {
  for (let height = Math.max(1, store.tip() - count + 1); height <= store.tip(); height++) f(must(store.block(height), height));
}

function must<T>(value: T | undefined, height: Height): T {
  if (value === undefined) throw consensusError("CONSENSUS_STORE_CORRUPT", `nothing stored where height ${height} needs it`);
  return value;
}

export function engineParams(options: ConsensusOptions) {
  const { deltaMs, intervalMs, idleIntervalMs, execLag, epochLength, instant } = options;
  return { deltaMs, intervalMs, idleIntervalMs, execLag, epochLength, instant };
}
