/** What consensus and the heads know, as the RPC server asks for it. */

import type { Consensus } from "@noema/consensus/runtime/consensus";
import type { Header } from "@noema/consensus/types";
import { isNoemaError } from "@noema/core/errors";
import type { Height } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { rowOf } from "../error-rows.ts";
import type { ChainFacts, ConsensusHeader, ConsensusStatus, FinalityRecord } from "../rpc/deps.ts";
import type { Room } from "../store/room.ts";
import type { Heads } from "./heads.ts";

export type ChainFactsDeps = {
  consensus: Consensus;
  heads: Heads;
  room: Pick<Room, "lack">;
  validatorSet: (epoch: number) => ValidatorSet;
  rpcUrls: readonly string[];
  /** Heights that a block lags behind before the node calls itself syncing. */
  syncingAbove: number;
};

export function createChainFacts(deps: ChainFactsDeps): ChainFacts {
  const { consensus, heads, validatorSet } = deps;
  let joined = false;
  return {
    tags: heads.tags,
    onHead: heads.onHead,
    nextFees: heads.nextFees,
    controls: heads.controls,
    async certificate(height) {
      return finalityRecord(deps, height);
    },
    async finality(height) {
      for (let at = height; ; at++) {
        const record = finalityRecord(deps, at);
        if (record === undefined || record.header.exec.height >= height) return record;
      }
    },
    validators: () => validatorSet(consensus.status().epoch),
    rpcUrl: (index) => deps.rpcUrls[index],
    status() {
      const known = consensus.status();
      joined ||= known.quorumHeard;
      return statusOf(deps, known, joined);
    },
  };
}

/** The first block at or above `height` whose own header is certified. */
function finalityRecord({ consensus, validatorSet }: ChainFactsDeps, height: Height): FinalityRecord | undefined {
  try {
    const { certificate, header, headerHash, path } = consensus.finality(height);
    const certified = (path.at(-1) ?? header) as Header & ConsensusHeader;
    const hash = path.length === 0 ? headerHash : certificate.hash;
    return { header: certified, hash, certificate, validators: validatorSet(certificate.epoch) };
  } catch (error) {
    if (isNoemaError(error, "CONSENSUS_NOT_FINAL")) return undefined;
    throw error;
  }
}

/** For clients: the log has the whole. */
function wordsOf({ code, message }: { code: string; message: string }): string {
  const row = rowOf(code);
  return row?.private ? row.means : message;
}

type Known = ReturnType<Consensus["status"]>;

/** `joined`: a quorum was heard in this run. */
function statusOf({ heads, room, syncingAbove }: ChainFactsDeps, known: Known, joined: boolean): ConsensusStatus {
  const { epoch, view, height, leader, self, heard } = known;
  const { latest } = heads.tags();
  const common = { epoch, view, leader, finalizedHeight: height, heardFrom: heard, highestHeight: height, self };
  const cause = haltOf(known, room.lack(), joined);
  if (cause !== undefined) return { ...common, state: "halted", cause };
  return { ...common, state: height - latest.height > syncingAbove ? "syncing" : "synced" };
}

/** Why no block can become final as far as this node sees; undefined: one can. `lack`: of room on the disk, in words. */
export function haltOf(
  { quorumHeard, quorum, quorumNeeds, logLost, stalled, fault }: Known,
  lack: string | undefined,
  joined = true,
): string | undefined {
  if (fault !== undefined) return `${fault.code}: ${wordsOf(fault)}`;
  if (lack !== undefined) return `DISK_FULL: ${lack}`; // what follows may be its consequence
  if (!quorumHeard) return `${joined ? "halted" : "connecting"}: ${quorum}`;
  if (logLost && quorumNeeds === 1) return "halted: the vote log is lost, and there is nobody else to ask how far this validator voted";
  return stalled === undefined ? undefined : `halted: ${stalled}`;
}
