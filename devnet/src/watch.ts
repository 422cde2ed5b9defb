/**
 * Says what a person should know while the devnet runs: a validator that ended, hangs, does not vote or came back; a chain that
 * halts, whatever the cause, and goes on. Every validator is asked, since one that hangs has not ended, and one that answers may
 * hear too few others or have failed inside.
 */
import type { Clock } from "@noema/core/ports/clock";
import type { Style } from "@noema/node/cli/style";
import type { Readiness } from "./readiness.ts";
import { absence, idleness, type Seen, seconds, type Trouble, unseen, withAnswer } from "./trouble.ts";

const POLL_MS = 1000;

export type WatchDeps = {
  validators: readonly { rpcUrl: string; command: string; pid: number }[];
  /** undefined: no answer within a deadline of its own. */
  ask(rpcUrl: string): Promise<Readiness | undefined>;
  /** The process that holds the validator's data directory, if it lives. */
  processOf(index: number): Promise<number | undefined>;
  /** A validator answers from another process than before. */
  moved(index: number): Promise<void>;
  clock: Clock;
  say(line: string): void;
  style: Style;
};

export type ChainWatch = {
  /** A child process has ended: said at once. */
  ended(index: number, how: string): void;
  stop(): void;
};

export function watchChain(deps: WatchDeps): ChainWatch {
  const { validators, clock, say, style } = deps;
  const n = validators.length;
  const quorum = Math.floor((2 * n) / 3) + 1; // a devnet's weights are equal
  const seen = validators.map(({ pid }) => unseen(pid, clock.nowMs()));
  let told: (Trouble | undefined)[] = validators.map(() => undefined);
  let haltedAt: number | undefined;
  let stopped = false;

  async function look(rpcUrl: string, index: number): Promise<void> {
    const answer = await deps.ask(rpcUrl);
    const pid = await deps.processOf(index); // afterwards: the answer may be the last of one that was killed
    const before = seen[index] as Seen;
    const isChild = before.pid === validators[index]?.pid; // the end of one is told, with its signal, and is final
    if (pid === undefined) before.ended ??= isChild ? undefined : "";
    else if (answer !== undefined && !(isChild && pid === before.pid && before.ended !== undefined)) {
      seen[index] = withAnswer(before, pid, answer, clock.nowMs());
      if (pid !== before.pid) await deps.moved(index);
    }
  }

  function report(): void {
    const now = clock.nowMs();
    const absent = seen.map((x) => absence(x, now));
    const answering = absent.filter((x) => x === undefined).length;
    // While too few answer, these can only say that they hear too few; what they say counts from when enough are there.
    if (answering < quorum) for (const x of seen) x.haltedSince = undefined;
    const troubles = seen.map((x, i) => absent[i] ?? (answering < quorum ? undefined : idleness(x, now)));
    const changed = troubles.map((x, i) => x?.kind !== told[i]?.kind);
    for (const [i, trouble] of troubles.entries()) if (changed[i]) sayChange(i, trouble, told[i]);
    told = troubles;
    sayChain(answering, now, changed.includes(true));
  }

  function sayChange(index: number, now: Trouble | undefined, before: Trouble | undefined): void {
    if (now !== undefined) say(style("yellow", `validator ${index} ${now.words}`));
    else if (before?.kind === "ended") say(`validator ${index} is back (pid ${seen[index]?.pid})`);
    else say(`validator ${index} ${before?.kind === "silent" ? "answers again" : "takes part again"}`);
    if (now?.kind === "ended") say(`  restart it with: ${validators[index]?.command}`);
  }

  function sayChain(answering: number, now: number, news: boolean): void {
    const voting = told.filter((x) => x === undefined).length;
    const sure = told.filter((x, i) => x === undefined && seen[i]?.answer?.status !== "halted").length;
    if (voting < quorum) {
      const who = answering < quorum ? `${answering} of ${n} validators answer` : `${voting} of ${n} validators take part`;
      if (news) say(style(["red", "bold"], `the chain is halted: ${who}, quorum needs ${quorum}`));
      haltedAt ??= now;
    } else if (haltedAt !== undefined && sure >= quorum) {
      say(style("green", `the chain goes on after ${seconds(now - haltedAt)}: ${sure} of ${n} validators take part`));
      haltedAt = undefined;
    } else if (haltedAt === undefined && news) say(`${voting} of ${n} validators take part, the chain goes on`);
  }

  async function poll(): Promise<void> {
    await Promise.all(validators.map(({ rpcUrl }, i) => look(rpcUrl, i)));
    if (stopped) return;
    report();
    cancel = clock.after(POLL_MS, poll);
  }
  let cancel = clock.after(POLL_MS, poll);
  return {
    ended(index, how) {
      if (stopped) return;
      (seen[index] as Seen).ended = how;
      report();
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
