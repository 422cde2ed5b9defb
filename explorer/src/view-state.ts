import type { ChainState } from "./chain-state.ts";
import { byId, write } from "./dom.ts";

/** Their reasons count up every second: seen, not said. */
const COUNTING: readonly ChainState["kind"][] = ["silent", "syncing"];

export function showState({ kind, word, reason }: ChainState): void {
  byId("state").dataset.kind = kind;
  write("state-word", word);
  write("state-reason", reason);
  write("state-said", COUNTING.includes(kind) ? word : `${word}: ${reason}`);
}

export function showLastBlockAge(age: string | undefined): void {
  write("state-age", age === undefined ? "" : `last block ${age} ago`);
}

export function beat(): void {
  const state = byId("state");
  state.classList.remove("beat");
  requestAnimationFrame(() => state.classList.add("beat"));
}
