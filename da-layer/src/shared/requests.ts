/** Helpers over Network.request: collecting a bounded answer, with a time limit on an injected clock. */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Network } from "@noema/core/ports/network";
import { daError } from "../errors.ts";

/** The whole answer; throws DA_FRAME_INVALID above `max` bytes. */
export async function requestAll(
  network: Network,
  to: string,
  method: string,
  body: Bytes,
  max: number,
  signal: AbortSignal,
): Promise<Bytes> {
  const chunks: Bytes[] = [];
  let bytes = 0;
  for await (const chunk of network.request(to, method, body, max, signal)) {
    bytes += chunk.length;
    if (bytes > max) throw daError("DA_FRAME_INVALID", `${method}: answer above ${max} bytes`);
    chunks.push(new Uint8Array(chunk));
  }
  return chunks.length === 1 ? (chunks[0] as Bytes) : concatBytes(...chunks);
}

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
