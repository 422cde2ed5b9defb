/**
 * Whether the chain stands still although a quorum is heard, since those heard may not vote, or not alike. While a quorum votes, a
 * view that this validator has voted to skip ends within a few message delays, whatever the interval between blocks is; and only
 * leaders that are down cost views without a block. A validator that lost its log and may not vote waits for others, too: for where
 * they stand, or for a view that it is not barred from.
 */
import type { Clock } from "@noema/core/ports/clock";
import { lostLogAllows } from "../engine/lost-log.ts";
import type { State } from "../engine/state.ts";

/** As long as a validator that is not heard any more counts as heard (status.ts). */
const PATIENCE_MS = 3000;
/** With a third of the leaders down, so many in a row are one case in 59,049. */
const PATIENCE_VIEWS = 10;

type Standing = { epoch: number; view: number; since: number };

export type Stall = {
  /** After each turn of the loop. */
  turned(): void;
  /** In words. undefined: the chain goes on, as far as this node can tell. */
  cause(): string | undefined;
};

export function createStall(state: State, clock: Clock): Stall {
  let skipping: Standing | undefined;
  let barred: Standing | undefined;

  /** Since when `holds` does in this view. */
  function standing(before: Standing | undefined, holds: boolean): Standing | undefined {
    const { epoch, view } = state;
    if (!holds) return undefined;
    return before?.view === view && before.epoch === epoch ? before : { epoch, view, since: clock.nowMs() };
  }
  const secondsOf = (x: Standing | undefined) => (x === undefined ? 0 : (clock.nowMs() - x.since) / 1000);

  return {
    turned() {
      skipping = standing(skipping, state.rounds.get(state.view)?.ownNullify === true);
      barred = standing(barred, !lostLogAllows(state, state.view));
    },
    cause() {
      const skipped = secondsOf(skipping);
      if (skipped > PATIENCE_MS / 1000) return `no quorum of votes in view ${state.view} for ${Math.round(skipped)} s`;
      // An idle view may last as long as its interval.
      if (secondsOf(barred) > (PATIENCE_MS + state.config.params.idleIntervalMs) / 1000) return lostCause(state);
      const views = state.view - 1 - state.finalizedView;
      return views > PATIENCE_VIEWS ? `no block in the last ${views} views` : undefined;
    },
  };
}

function lostCause({ lost, set, view }: State): string {
  if (lost?.phase !== "Collecting") return `the vote log was lost, and a quorum without this validator has not ended view ${view}`;
  return `the vote log is lost, and only ${lost.answers.size} of ${set.members.length - 1} others have said where they stand`;
}
