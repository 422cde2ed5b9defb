/** Asks the node for its state every second, and notices when nothing comes back. */
import { type ChainState, chainState, SILENT_MS } from "./chain-state.ts";
import { ask } from "./rpc.ts";
import type { Status } from "./types.ts";

const POLL_MS = 1000;

let last: Status | undefined;

/** As last heard; undefined before the first answer. */
export const lastStatus = () => last;

/** Calls `onState` at least every second, and `onAnswer` when the node answers for the first time and after each silence. */
export function watchState(onState: (state: ChainState) => void, onAnswer: () => void): void {
  let heardAt = performance.now();
  let silent = true;
  const show = () => {
    const state = chainState(last, performance.now() - heardAt);
    if (state.kind === "silent") silent = true;
    onState(state);
  };
  const poll = async () => {
    try {
      last = await ask<Status>("noema_consensusStatus", [], SILENT_MS);
      heardAt = performance.now();
      if (silent) onAnswer();
      silent = false;
    } catch {
      // shown by its age
    }
    show();
    setTimeout(poll, POLL_MS);
  };
  setInterval(show, POLL_MS); // a question may hang
  void poll();
}
