/**
 * Which peers cannot be reached, and why, in words: told two seconds after a peer was lost or first sought, by the clock and not by the
 * next attempt; at once when the reason is another one, and when it is reached again.
 */
import { isNoemaError } from "@noema/core/errors";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";

export type Unreachable = { peer: string; name?: string; at: readonly string[]; reason: string };
export type UnreachableBook = {
  /** No connection yet. */
  sought(id: string): void;
  /** The last connection has ended. */
  lost(id: string, error: Error | undefined): void;
  /** An attempt ended without a session. */
  failed(id: string, error: unknown): void;
  /** An attempt takes its time. */
  waits(id: string): void;
  /** There is a connection, and nothing comes. */
  silent(id: string): void;
  reached(id: string): void;
  /** Those that were told. */
  list(): Unreachable[];
  stop(): void;
};

/** Nodes that are started together find each other in less. */
const TOLD_AFTER_MS = 2000;

type Deps = { clock: Clock; logger: Logger; addressesOf(id: string): readonly string[]; nameOf(id: string): string | undefined };
type Known = { sinceMs: number; due: boolean; reason: string; told?: string; cancel(): void };

export function createUnreachableBook({ clock, logger, addressesOf, nameOf }: Deps): UnreachableBook {
  const known = new Map<string, Known>();
  let stopped = false;
  const describe = (peer: string) => ({ peer, name: nameOf(peer), at: addressesOf(peer) });

  function note(id: string, reason: string): void {
    if (stopped) return;
    const entry = known.get(id) ?? begin(id);
    entry.reason = reason;
    if (entry.due) tell(id, entry);
  }
  function begin(id: string): Known {
    const cancel = clock.after(TOLD_AFTER_MS, () => {
      entry.due = true;
      tell(id, entry);
    });
    const entry: Known = { sinceMs: clock.nowMs(), due: false, reason: "", cancel };
    known.set(id, entry);
    return entry;
  }
  function tell(id: string, entry: Known): void {
    if (entry.told === entry.reason) return;
    entry.told = entry.reason;
    logger.log("warn", "a peer cannot be reached: it is tried again and again", { ...describe(id), reason: entry.reason });
  }
  return {
    sought: (id) => note(id, NO_ANSWER),
    lost: (id, error) => note(id, reasonOf(error ?? new Error("the connection was closed"))),
    failed: (id, error) => note(id, reasonOf(error)),
    waits: (id) => note(id, NO_ANSWER),
    silent: (id) => note(id, "it is connected and says nothing: it hangs, or the way to it is cut"),
    reached(id) {
      const entry = known.get(id);
      entry?.cancel();
      known.delete(id);
      if (entry?.told === undefined) return;
      const seconds = Math.round((clock.nowMs() - entry.sinceMs) / 1000);
      logger.log("info", "a peer is reached again", { ...describe(id), after: seconds });
    },
    list: () =>
      [...known].filter(([, { told }]) => told !== undefined).map(([id, { told }]) => ({ ...describe(id), reason: told as string })),
    stop() {
      stopped = true;
      for (const { cancel } of known.values()) cancel();
    },
  };
}

const NO_ANSWER = "it does not answer in time";

/** What the system, TLS or libp2p say, by the words that are in it; the first that fits. */
const REASONS: readonly [RegExp, string][] = [
  [
    /certificate is not valid yet|certificate has expired/i,
    "its certificate is not valid now: its clock, or that of this machine, is wrong (docs/operate/clock.md)",
  ],
  [/ECONNREFUSED/, "nothing listens there (ECONNREFUSED)"],
  [/EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/, "there is no way to its address (EHOSTUNREACH, ENETUNREACH)"],
  [/ENOTFOUND|EAI_AGAIN/, "its name has no address"],
  [/ECONNRESET|EPIPE|ended before Hello|closed|reset/i, "it, or something between, ends the connection"],
  [/TimeoutError|ETIMEDOUT|timed? ?out|aborted|said nothing/i, NO_ANSWER],
  [/UnexpectedPeer|peer id|PeerId/i, "another key than its address names answers there"],
];

export function reasonOf(error: unknown): string {
  if (isNoemaError(error)) return `${error.code}: ${error.message}`;
  const texts: string[] = [];
  for (let at = error; at instanceof Error && texts.length < 4; at = at.cause) {
    texts.push(`${at.name} ${(at as NodeJS.ErrnoException).code ?? ""} ${at.message}`);
    if (at instanceof AggregateError) texts.push(...at.errors.slice(0, 4).map(String));
  }
  const text = texts.join(" ");
  return REASONS.find(([words]) => words.test(text))?.[1] ?? (text.trim().split("\n")[0]?.slice(0, 200) || "no reason was given");
}
