/** What the node says of the chain, and how long ago it said it, in words. */
import type { Status } from "./types.ts";

export type ChainState = {
  kind: "connecting" | "live" | "syncing" | "halted" | "silent";
  word: string;
  reason: string;
  /** What this validator told of the chain is not to be believed, and it tells no more (docs/decisions/0024). */
  doubted?: true;
};

/** Asked every second: two answers are missing. */
export const SILENT_MS = 2500;

const DOUBT = /^(EXEC_DIVERGED|CONSENSUS_FORKED): (.*)/s;

export function chainState(status: Status | undefined, silentMs: number): ChainState {
  if (silentMs > SILENT_MS) return { kind: "silent", word: "No answer", reason: silence(status, silentMs) };
  if (status === undefined) return { kind: "connecting", word: "Connecting", reason: "to the validator that served this page" };
  const doubt = DOUBT.exec(status.cause ?? "");
  if (doubt !== null) return { kind: "halted", word: "In doubt", reason: `${doubt[2]}; ask another validator`, doubted: true };
  if (status.state === "halted") return { kind: "halted", word: "Halted", reason: haltCause(status) };
  if (status.state === "syncing") {
    const [latest, top] = [Number(status.latest), Number(status.consensusHeight)];
    return { kind: "syncing", word: "Syncing", reason: `block ${latest.toLocaleString("en-US")} of ${top.toLocaleString("en-US")}` };
  }
  return { kind: "live", word: "Live", reason: presence(status) };
}

function silence(status: Status | undefined, silentMs: number): string {
  const heard = status === undefined ? "since this page was opened" : `for ${Math.round(silentMs / 1000)} s`;
  return `from this validator ${heard}; trying again`;
}

/** Fewer than a quorum, or a fault of this node's own. */
function haltCause(status: Status): string {
  return status.heardFrom.length < status.quorum
    ? presence(status)
    : (status.cause ?? "this node does not say why").replace(/^halted: /, "");
}

function presence({ heardFrom, validators, quorum }: Status): string {
  if (validators === 1) return "one validator, blocks when there is work";
  return `${heardFrom.length} of ${validators} validators answer${heardFrom.length < validators ? `, quorum needs ${quorum}` : ""}`;
}
