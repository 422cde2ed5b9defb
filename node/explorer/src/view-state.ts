import type { ChainState } from "./chain-state.ts";
import { byId } from "./dom.ts";

/** Only what changed is written: a screen reader says it once. */
function write(id: string, text: string): void {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

export function showState({ kind, word, reason }: ChainState): void {
  byId("state").dataset.kind = kind;
  write("state-word", word);
  write("state-reason", reason);
}

export function showLastBlockAge(age: string | undefined): void {
  write("state-age", age === undefined ? "" : `last block ${age} ago`);
}

export function beat(): void {
  const state = byId("state");
  state.classList.remove("beat");
  requestAnimationFrame(() => state.classList.add("beat"));
}
