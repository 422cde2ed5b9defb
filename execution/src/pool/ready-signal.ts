import type { Clock } from "@noema/core/ports/clock";

export type ReadySignal = {
  onReady(f: () => void): void;
  /** At a clock time, at once when it has passed; an earlier one that is set already stands; Infinity: never. */
  fireAt(ms: number): void;
  stop(): void;
};

/** Tells the payload lane that `take` may give something: one timer for all that is not due yet. */
export function createReadySignal(clock: Clock): ReadySignal {
  const listeners: (() => void)[] = [];
  let cancel: (() => void) | undefined;
  let at = Number.POSITIVE_INFINITY;
  let stopped = false;
  function clear(): void {
    cancel?.();
    cancel = undefined;
    at = Number.POSITIVE_INFINITY;
  }
  function fire(): void {
    if (!stopped) for (const f of listeners) f();
  }
  return {
    onReady: (f) => void listeners.push(f),
    fireAt(ms) {
      if (stopped || ms >= at || ms === Number.POSITIVE_INFINITY) return;
      if (ms <= clock.nowMs()) return fire();
      clear();
      at = ms;
      cancel = clock.after(Math.max(0, ms - clock.nowMs()), () => {
        clear();
        fire();
      });
    },
    stop() {
      stopped = true;
      clear();
    },
  };
}
