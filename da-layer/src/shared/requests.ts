/** Waiting with an end: a time limit on an injected clock, a signal. */
import type { Clock } from "@noema/core/ports/clock";

/** Runs `f` with a signal that aborts after `ms` or with `parent`, and stops waiting then even when `f` does not. */
export async function withTimeout<T>(clock: Clock, ms: number, parent: AbortSignal, f: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const control = new AbortController();
  const onParent = () => control.abort(parent.reason);
  if (parent.aborted) onParent();
  parent.addEventListener("abort", onParent, { once: true });
  const cancel = clock.after(ms, () => control.abort(new Error(`no answer in ${ms} ms`)));
  try {
    return await raceSignal(f(control.signal), control.signal);
  } finally {
    cancel();
    parent.removeEventListener("abort", onParent);
    control.abort();
  }
}

/** Rejects with the signal's reason as soon as it aborts. */
export function raceSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** Resolves after `ms`, rejects when the signal aborts. */
export function delay(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
