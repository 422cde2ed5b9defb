import type { Stream } from "@libp2p/interface";

/**
 * Resolves when the stream takes bytes again; rejects when it closes before, or with the signal's reason. In place of the library's
 * `onDrain`, whose promise is not made anew: the second who waits goes on at once, and one that sends in a loop holds the thread for ever.
 */
export async function drained(stream: Stream, signal?: AbortSignal): Promise<void> {
  while (stream.writableNeedsDrain) await nextDrain(stream, signal);
}

function nextDrain(stream: Stream, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  if (stream.writeStatus !== "writable") throw new Error("the stream is closed");
  return new Promise((resolve, reject) => {
    const done = new AbortController();
    const listen = { signal: done.signal };
    const end = (settle: () => void) => () => {
      done.abort();
      settle();
    };
    stream.addEventListener("drain", end(resolve), listen);
    stream.addEventListener(
      "close",
      end(() => reject(new Error("the stream closed"))),
      listen,
    );
    signal?.addEventListener(
      "abort",
      end(() => reject(signal.reason)),
      listen,
    );
  });
}
