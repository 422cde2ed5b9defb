/** When an own view's reveal is signed: once a view, and not at once, as the block that opened it is still on its way. */
import type { Clock } from "@noema/core/ports/clock";
import { leaderOf, type State } from "../engine/state.ts";
import type { Reveals } from "./reveals.ts";

/** From a view's begin to the signature; a proposal that comes sooner has it signed then. A lone validator's block is told by that time. */
const REVEAL_AFTER_MS = 10;

/** Called after each turn. Without `reveals`, of a node that only follows, it does nothing. */
export function planReveals(state: State, clock: Clock, ending: AbortSignal, reveals: Reveals | undefined): () => void {
  let planned: string | undefined;
  return () => {
    const { epoch, view } = state;
    const name = `${epoch}/${view}`;
    if (reveals === undefined || planned === name || leaderOf(state, view) !== state.self) return;
    planned = name;
    clock.after(REVEAL_AFTER_MS, () => {
      if (!ending.aborted && planned === name) void reveals(epoch, view);
    });
  };
}
