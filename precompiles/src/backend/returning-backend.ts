/**
 * A guarded back end that comes back: out of service at once at a fault, then opened anew and asked the known answers after pauses that
 * grow and are bounded. One that was late or gone may have been restarted; one that was wrong stays out for longer, and is not forgiven.
 */
import { isNoemaError } from "@noema/core/errors";
import type { Clock } from "@noema/core/ports/clock";
import { precompileError } from "../errors.ts";
import type { OpenBackend } from "./batch-backend.ts";
import { type Fault, type GuardedBackend, type GuardOptions, guardBackend } from "./guarded-backend.ts";
import type { KnownAnswer } from "./known-answers.ts";

const MINUTE_MS = 60_000;
/** Milliseconds. Each pause is twice the last of its kind. */
export const PAUSES = {
  lost: { first: 5000, most: 10 * MINUTE_MS },
  wrong: { first: 10 * MINUTE_MS, most: 24 * 60 * MINUTE_MS },
};
/** What has served for so long without a fault begins again with the first pause, where it was not wrong. */
export const FORGIVEN_MS = 10 * MINUTE_MS;

export interface ReturningOptions extends Omit<GuardOptions, "onFault"> {
  clock: Clock;
  /** Out of service; it will be tried again in so many milliseconds. Also where a try failed. */
  onFault(fault: Fault, pauseMs: number): void;
  /** Back, on what it says it is. */
  onReturn(name: string): void;
}

/** Rejects with what `open` and the known answers reject with, where it cannot serve from the start. */
export async function openReturning(
  open: () => Promise<OpenBackend>,
  o: ReturningOptions,
  answers?: readonly KnownAnswer[],
): Promise<GuardedBackend> {
  const next = { lost: PAUSES.lost.first, wrong: PAUSES.wrong.first };
  let serving: GuardedBackend | undefined;
  let out: Fault | undefined;
  let since = 0;
  let closed = false;
  let cancel = () => {};

  async function opened(): Promise<void> {
    let ready = false; // before, a fault is a rejection
    const guarded = await guardBackend(await open(), { ...o, onFault: (fault) => ready && leave(fault) }, answers);
    if (closed) return guarded.close();
    ready = true;
    [serving, out, since] = [guarded, undefined, o.clock.nowMs()];
  }

  function leave(fault: Fault): void {
    if (serving !== undefined && o.clock.nowMs() - since >= FORGIVEN_MS) next.lost = PAUSES.lost.first;
    [serving, out] = [undefined, fault];
    const kind = fault.wrong ? "wrong" : "lost";
    const pause = next[kind];
    next[kind] = Math.min(2 * pause, PAUSES[kind].most);
    cancel = o.clock.after(pause, () => void tryAgain());
    o.onFault(fault, pause);
  }

  async function tryAgain(): Promise<void> {
    try {
      await opened();
      if (serving !== undefined) o.onReturn(serving.name);
    } catch (error) {
      const wrong = isNoemaError(error, "BACKEND_LOST") && error.data.wrong === true;
      if (!closed) leave({ wrong, reason: (error as Error).message });
    }
  }

  await opened();
  const { name } = serving as unknown as GuardedBackend;
  return {
    name,
    fault: () => out,
    close() {
      closed = true;
      cancel();
      serving?.close();
    },
    async submit(model, inputs) {
      if (serving === undefined) throw precompileError("BACKEND_LOST", `the back end is out of service: ${out?.reason}`, {});
      return serving.submit(model, inputs);
    },
  };
}
