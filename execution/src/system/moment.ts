import type { BlockNumber, Height } from "@noema/core/ports/bytes";

/** What an operation may know beside the state: alike on every validator. */
export type Moment = {
  height: Height;
  /** Consensus' time, which no control changes and which never falls. */
  timestampMs: number;
  /** The newest block: parent of the next one. */
  newest: { number: BlockNumber; timestamp: bigint };
};
