/**
 * Peers that are connected and say nothing. Nothing ends a connection whose other end lost its power or its cable: TCP notices after a
 * quarter of an hour, and yamux's keep-alive only writes a line. So who is quiet is asked, told as silent where that does not help, and
 * at last disconnected, so that it is dialed again. Counted are looks, not time: this process may have stood still itself, or its clock been set.
 */
import type { Clock } from "@noema/core/ports/clock";
import type { Session } from "./session.ts";

const LOOK_MS = 500;
/** A validator's Status comes each second at least. */
const ASKED_AFTER_MS = 1500;
const SILENT_AFTER_MS = 2500;
/** A process that is busy on a machine that is busy answers within this. */
const ENDED_AFTER_MS = 12_000;

export type SilenceDeps = {
  clock: Clock;
  standing(): Iterable<Session>;
  /** What it answers counts as heard. */
  ask(session: Session): void;
  silent(session: Session): void;
  /** Who was silent, or was in the place of this one. */
  heard(session: Session): void;
};

type Quiet = { received: number; ms: number };

/** Returns how to end it. */
export function watchSilence({ clock, standing, ask, silent, heard }: SilenceDeps): () => void {
  const quiet = new WeakMap<Session, Quiet>();
  let cancel = clock.after(LOOK_MS, look);

  function look(): void {
    for (const session of [...standing()]) judge(session);
    cancel = clock.after(LOOK_MS, look);
  }

  function judge(session: Session): void {
    const before = quiet.get(session);
    if (before === undefined || before.received !== session.received) {
      if (before === undefined || before.ms >= SILENT_AFTER_MS) heard(session);
      quiet.set(session, { received: session.received, ms: 0 });
      return;
    }
    before.ms += LOOK_MS;
    if (before.ms === ASKED_AFTER_MS) ask(session);
    if (before.ms === SILENT_AFTER_MS) silent(session);
    if (before.ms === ENDED_AFTER_MS) session.end(new Error(`it has said nothing for ${ENDED_AFTER_MS / 1000} s`));
  }
  return () => cancel();
}
