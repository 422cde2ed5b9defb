import type { PublicKeyHex, ValidatorSet } from "@noema/core/ports/signing";

export type Params = {
  /** Bound on one message's delay that the timers start from. */
  deltaMs: number;
  /** Least time from the parent's timestamp to the next proposal. */
  intervalMs: number;
  /** The same while no certificate that can be included is held. */
  idleIntervalMs: number;
  /** D: a header carries the execution result of a height at most h - D. */
  execLag: number;
  /** E: heights in an epoch. */
  epochLength: number;
  /** No empty blocks at all: a development chain of one validator. */
  instant: boolean;
  /** Only the simulator sets it: each switch takes one rule away, to show that the rule is needed. */
  controls?: Controls;
};

export type Controls = {
  noNullifyFinalizeRule?: boolean;
  noBoundaryReproposal?: boolean;
  noFloorRule?: boolean;
  noBlockFetch?: boolean;
  noCertsByView?: boolean;
  backoffCappedAt?: number;
  futureIsInvalid?: boolean;
  fixedExecHeight?: boolean;
  quorumByCount?: boolean;
  /** F of an epoch's last block proves only a round of that epoch, and only view 1 of the next is barred. */
  lostLogForgetsEpochs?: boolean;
  /** Status requests are answered from rounds below the own votes. */
  answersFromBelow?: boolean;
};

export type EngineConfig = {
  params: Params;
  /** The own key; absent for a node that only follows. */
  self?: PublicKeyHex;
  /** undefined: not known yet. Fixed one epoch ahead. */
  setForEpoch(epoch: number): ValidatorSet | undefined;
};

/** T1 and T2 never exceed this, whatever the back-off. */
export const MAX_VIEW_TIMEOUT_MS = 60_000;
/** Views above the current one whose votes and proposals are kept. */
export const WINDOW = 64;
/** Random peers that get a relayed N or F besides the next leader: fan 3 kept block times under 10 % loss at a quarter of the messages. */
export const RELAY_FAN = 3;
/** A block may be stamped at most this far (or Δ) ahead of the own clock before the vote waits. */
export const MAX_FUTURE_MS = 500;
/** Status period while a view waits for its idle interval. */
export const IDLE_STATUS_MS = 1000;
