import { leaderOf, type State } from "../engine/state.ts";
import type { Listeners } from "./listeners.ts";

/** Called after each turn: tells of a new view. */
export function viewChanges(state: State, listeners: Listeners): () => void {
  let { epoch, view } = state;
  return () => {
    if (epoch === state.epoch && view === state.view) return;
    ({ epoch, view } = state);
    listeners.tell("viewChange", { epoch, view, leader: leaderOf(state, view) });
  };
}
