/**
 * Whether the chain stands still although a quorum is heard, since those heard may not vote, or not alike. While a quorum votes, a
 * view that this validator has voted to skip ends within a few message delays, whatever the interval between blocks is; and only
 * leaders that are down cost views without a block.
 */
import type { Clock } from "@noema/core/ports/clock";
import type { State } from "../engine/state.ts";

/** As long as a validator that is not heard any more counts as heard (status.ts). */
const PATIENCE_MS = 3000;
/** With a third of the leaders down, so many in a row are one case in 59,049. */
const PATIENCE_VIEWS = 10;

export type Stall = {
  /** After each turn of the loop. */
  turned(): void;
  /** In words. undefined: the chain goes on, as far as this node can tell. */
  cause(): string | undefined;
};

export function createStall(state: State, clock: Clock): Stall {
  let skipping: { epoch: number; view: number; since: number } | undefined;
  return {
    turned() {
      const { epoch, view } = state;
      if (!state.rounds.get(view)?.ownNullify) skipping = undefined;
      else if (skipping?.view !== view || skipping.epoch !== epoch) skipping = { epoch, view, since: clock.nowMs() };
    },
    cause() {
      const waitedMs = skipping === undefined ? 0 : clock.nowMs() - skipping.since;
      if (waitedMs > PATIENCE_MS) return `no quorum of votes in view ${state.view} for ${Math.round(waitedMs / 1000)} s`;
      const views = state.view - 1 - state.finalizedView;
      return views > PATIENCE_VIEWS ? `no block in the last ${views} views` : undefined;
    },
  };
}
