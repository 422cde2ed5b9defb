import type { Height } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import { isQuorum, smallestQuorum, weightOf } from "@noema/core/quorum";
import { indexOf } from "@noema/core/validator-index";
import { leaderOf, type State } from "../engine/state.ts";
import type { ConsensusOptions } from "../options.ts";
import type { ChainStore } from "../store/chain-store.ts";
import type { EventQueue } from "./event-queue.ts";
import type { Executor } from "./executor.ts";
import type { Fault, Health } from "./health.ts";
import type { LeftBehind } from "./left-behind.ts";
import type { Peers } from "./peers.ts";
import type { Stall } from "./stall.ts";

export type ConsensusStatus = {
  epoch: number;
  view: number;
  /** Height of the newest final block. */
  height: Height;
  /** Height of the newest block that the application has executed. */
  executed: Height;
  leader: number;
  /** Own index in the set of the epoch; absent where this node is no member. */
  self?: number;
  /** Exponent k of the view timers' back-off 1.5^k. */
  backoff: number;
  /** Validators heard from lately, this one included, ascending. */
  heard: number[];
  validators: number;
  /** Whether those heard from have more than two thirds of stake; for who is no member, whether one is heard. */
  quorumHeard: boolean;
  /** The smallest number of validators whose weight is a quorum. */
  quorumNeeds: number;
  /** "2 of 4 validators, quorum needs 3" */
  quorum: string;
  /** Why no block comes although a quorum is heard, in words. */
  stalled?: string;
  /** The log was lost: no votes until a quorum has answered. */
  logLost: boolean;
  healthy: boolean;
  /** Why it is not. */
  fault?: Fault;
  /** Events that wait for the engine. */
  queue: number;
  /** Frames dropped since the start. */
  dropped: number;
};

export type StatusDeps = {
  options: ConsensusOptions;
  clock: Clock;
  state: State;
  store: ChainStore;
  executor: Executor;
  peers: Peers;
  queue: EventQueue;
  health: Health;
  leftBehind: LeftBehind;
  stall: Stall;
  drops: { total(): number };
};

export function statusOf(deps: StatusDeps): ConsensusStatus {
  const { state, store, executor, health, queue, leftBehind, stall, drops } = deps;
  return {
    epoch: state.epoch,
    view: state.view,
    height: store.tip(),
    executed: executor.height(),
    leader: leaderOf(state, state.view),
    self: state.self,
    backoff: state.backoff,
    ...quorumOf(state, heardLately(deps)),
    stalled: leftBehind.cause() ?? stall.cause(),
    logLost: state.lost?.phase === "Collecting",
    healthy: health.ok() && executor.fault() === undefined,
    fault: health.fault() ?? executor.fault(),
    queue: queue.length,
    dropped: drops.total(),
  };
}

function heardLately({ options, clock, peers, state }: StatusDeps): number[] {
  // A Status comes at least every second or 3Δ; two may be lost.
  const since = clock.nowMs() - 3 * Math.max(1000, 3 * options.deltaMs);
  const near = peers.connected().filter((key) => (peers.heardAt(key) ?? 0) >= since);
  return [...near.flatMap((key) => indexOf(state.set, key) ?? []), ...(state.self === undefined ? [] : [state.self])].sort((a, b) => a - b);
}

function quorumOf({ set, self }: State, heard: number[]) {
  const quorumNeeds = smallestQuorum(set);
  const validators = set.members.length;
  return {
    heard,
    validators,
    // who only follows waits for nobody's vote, and asks one after the other
    quorumHeard: isQuorum(weightOf(set, heard), set.total) || (self === undefined && heard.length > 0),
    quorumNeeds,
    quorum: `${heard.length} of ${validators} validators, quorum needs ${quorumNeeds}`,
  };
}
