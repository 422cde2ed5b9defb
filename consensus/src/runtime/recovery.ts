/** What is durable at start: the chain store's tip, and the vote log (consensus.md 2.3, 2.8.5). */
import { NoemaError } from "@noema/core/errors";
import type { Height } from "@noema/core/ports/bytes";
import type { Restore } from "../engine/events.ts";
import { genesisBeacon } from "../engine/seed.ts";
import { beginLostLog, initVoteLog, openVoteLog, type VoteLog } from "../log/vote-log.ts";
import type { ConsensusOptions } from "../options.ts";
import type { ChainStore } from "../store/chain-store.ts";
import type { Block } from "../types.ts";
import type { ConsensusDeps } from "./deps.ts";

/** Opens the vote log. A validator without one has lost it; a node that only follows begins one. */
export async function recoverLog(deps: Pick<ConsensusDeps, "log" | "genesisHash" | "signer" | "logger">): Promise<VoteLog> {
  const found = openVoteLog(deps.log, deps.genesisHash);
  if (!found.lost) return found;
  if (deps.signer === undefined) await initVoteLog(deps.log, deps.genesisHash);
  else {
    deps.logger.log("warn", "the vote log is missing: no votes until validators with two thirds of stake have answered");
    await beginLostLog(deps.log, deps.genesisHash);
  }
  return openVoteLog(deps.log, deps.genesisHash);
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

/** That of the tip's epoch when the tip ends it, else that of the one before. */
function newestBoundary(store: ChainStore, { header }: Block): Restore["base"] {
  return store.boundary(header.epoch) ?? (header.epoch > 0 ? must(store.boundary(header.epoch - 1), header.height) : undefined);
}

/** Calls `f` with the last `count` final blocks, oldest first. */
export function lastBlocks(store: ChainStore, count: number, f: (block: Block) => void): void {
  for (let height = Math.max(1, store.tip() - count + 1); height <= store.tip(); height++) f(must(store.block(height), height));
}

function must<T>(value: T | undefined, height: Height): T {
  if (value === undefined) throw new NoemaError("CONSENSUS_STORE_CORRUPT", `nothing stored where height ${height} needs it`);
  return value;
}

export function engineParams(options: ConsensusOptions) {
  const { deltaMs, intervalMs, idleIntervalMs, execLag, epochLength, instant } = options;
  return { deltaMs, intervalMs, idleIntervalMs, execLag, epochLength, instant };
}
