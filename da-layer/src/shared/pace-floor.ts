/** Data of somebody who may send as slowly as he likes, and takes a place meanwhile. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";

/** `graceMs`: the longest silence; what comes earns as much waiting as its bytes take at `bytesPerSecond`. */
export type PaceFloor = { graceMs: number; bytesPerSecond: number };

/**
 * What comes from `source`, until it falls behind: then `stalled` (of the bytes so far) is thrown, or the reason of the signal. Only waiting
 * for the source counts. A source that stalls is left as it is, since it may never return: who gave it ends it.
 */
export async function* atLeast(
  clock: Clock,
  { graceMs, bytesPerSecond }: PaceFloor,
  source: AsyncIterable<Bytes>,
  stalled: (bytes: number) => Error,
  signal?: AbortSignal,
): AsyncIterable<Bytes> {
  const iterator = source[Symbol.asyncIterator]();
  let left = graceMs;
  let bytes = 0;
  let isWaiting = false;
  try {
    for (;;) {
      const since = clock.nowMs();
      isWaiting = true;
      const next = await before(clock, left, iterator.next(), () => stalled(bytes), signal);
      if (next.done) return;
      isWaiting = false;
      bytes += next.value.length;
      left = Math.min(graceMs, left - (clock.nowMs() - since) + (next.value.length * 1000) / bytesPerSecond);
      yield next.value;
    }
  } finally {
    if (!isWaiting) await iterator.return?.();
  }
}

function before<T>(clock: Clock, ms: number, promise: Promise<T>, late: () => Error, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(late()));
    const onAbort = () => reject(signal?.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject);
    promise
      .then(undefined, () => {})
      .finally(() => {
        cancel();
        signal?.removeEventListener("abort", onAbort);
      });
  });
}
