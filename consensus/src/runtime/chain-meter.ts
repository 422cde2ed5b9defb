/** What final blocks say of the chain, and of this validator's part in it: CometBFT's meanings for the same things. */
import { toHex } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Metrics } from "@noema/core/ports/metrics";
import type { LogRecord } from "../engine/events.ts";
import type { Block } from "../types.ts";

export type ChainMeterDeps = {
  metrics: Metrics;
  clock: Clock;
  /** Own index in an epoch's set. */
  selfIn(epoch: number): number | undefined;
  /** The newest final block, and what the vote log has, at the start. */
  tip: Block;
  records: readonly LogRecord[];
};

export type ChainMeter = {
  /** Own votes among them count as signed. */
  appended(records: readonly LogRecord[]): void;
  /** In order of height. */
  finalized(block: Block): void;
};

/** Own notarize votes that are remembered: more than the blocks that wait for being final. */
const KEPT_VOTES = 512;
const INTERVALS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30];

export function createChainMeter({ metrics, clock, selfIn, tip, records }: ChainMeterDeps): ChainMeter {
  const counter = (name: string, help: string) => metrics.counter(`noema_consensus_${name}_total`, help);
  const signed = counter("validator_signed_blocks", "Final blocks that this validator voted for.");
  const missed = counter("validator_missed_blocks", "Final blocks that this validator did not vote for, those it caught up on among them.");
  const proposed = counter("validator_proposed_blocks", "Final blocks that this validator proposed.");
  const skipped = counter("skipped_views", "Views between final blocks that ended without one.");
  const interval = metrics.histogram("noema_consensus_block_interval_seconds", "Between the timestamps of final blocks", INTERVALS);
  const voted = new Set<string>();
  let newest = tip.header;
  let finalAtMs = clock.nowMs();
  let lastSigned = 0;
  metrics.gauge("noema_consensus_block_age_seconds", "Since a block last became final here, or since the start.", () =>
    Math.max(0, (clock.nowMs() - finalAtMs) / 1000),
  );
  metrics.gauge("noema_consensus_validator_last_signed_height", "Height of the newest final block that it voted for.", () => lastSigned);

  function note(hash: Hash): void {
    voted.add(toHex(hash));
    if (voted.size > KEPT_VOTES) voted.delete(voted.values().next().value as string);
  }
  function appended(records: readonly LogRecord[]): void {
    for (const record of records) if (record.type === "Vote" && record.vote.kind === "notarize" && record.vote.hash) note(record.vote.hash);
  }
  appended(records);

  return {
    appended,
    finalized({ hash, header }) {
      const self = selfIn(header.epoch);
      if (self !== undefined) {
        const isSigned = voted.has(toHex(hash));
        (isSigned ? signed : missed)();
        if (isSigned) lastSigned = header.height;
        if (header.proposer === self) proposed();
      }
      // a re-proposed block keeps its view, and its epoch ends with it
      skipped(Math.max(0, header.view - (header.epoch === newest.epoch ? newest.view : 0) - 1)); // a counter throws at less: finality must not
      if (newest.height > 0) interval((header.timestampMs - newest.timestampMs) / 1000);
      newest = header;
      finalAtMs = clock.nowMs();
    },
  };
}
