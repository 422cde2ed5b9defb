/**
 * Which peers cannot be reached, and why, in words: told when a peer has not been reached for some seconds, when the reason is another one,
 * and when it is reached again.
 */
import { isNoemaError } from "@noema/core/errors";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";

export type Unreachable = { peer: string; name?: string; at: readonly string[]; reason: string };
export type UnreachableBook = {
  /** An attempt ended without a session. */
  failed(id: string, error: unknown): void;
  reached(id: string): void;
  /** Those that were told. */
  list(): Unreachable[];
};

/** Nodes that are started together find each other in less. */
const TOLD_AFTER_MS = 2000;

type Deps = { clock: Clock; logger: Logger; addressesOf(id: string): readonly string[]; nameOf(id: string): string | undefined };
type Known = { sinceMs: number; reason: string; told?: string };

export function createUnreachableBook({ clock, logger, addressesOf, nameOf }: Deps): UnreachableBook {
  const known = new Map<string, Known>();
  const describe = (peer: string) => ({ peer, name: nameOf(peer), at: addressesOf(peer) });
  return {
    failed(id, error) {
      const entry: Known = known.get(id) ?? { sinceMs: clock.nowMs(), reason: "" };
      entry.reason = reasonOf(error);
      known.set(id, entry);
      if (entry.told === entry.reason || clock.nowMs() - entry.sinceMs < TOLD_AFTER_MS) return;
      entry.told = entry.reason;
      logger.log("warn", "a peer cannot be reached: it is tried again and again", { ...describe(id), reason: entry.reason });
    },
    reached(id) {
      const entry = known.get(id);
      if (entry?.told !== undefined) {
        const seconds = Math.round((clock.nowMs() - entry.sinceMs) / 1000);
        logger.log("info", "a peer is reached again", { ...describe(id), after: seconds });
      }
      known.delete(id);
    },
    list: () =>
      [...known].filter(([, { told }]) => told !== undefined).map(([id, { told }]) => ({ ...describe(id), reason: told as string })),
  };
}

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
  [/TimeoutError|ETIMEDOUT|timed? ?out|aborted/i, "it does not answer in time"],
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
