/**
 * Runs `f` over what comes, at most `window` at once, `first` until one result was taken, and yields results in the order of what came. Who
 * stops early, or meets an error, is left with up to `window` that still run: their signal is the caller's to abort.
 */
export async function* mapInOrder<T, U>(
  items: AsyncIterable<T>,
  window: number,
  f: (item: T) => Promise<U>,
  first = window,
): AsyncIterable<U> {
  let atOnce = first;
  const iterator = items[Symbol.asyncIterator]();
  const running: Promise<U>[] = [];
  let ended = false;
  try {
    for (;;) {
      while (!ended && running.length < atOnce) {
        const next = await iterator.next();
        if (next.done) {
          ended = true;
          break;
        }
        const work = f(next.value);
        work.catch(() => {}); // heard of when its turn comes
        running.push(work);
      }
      const next = running.shift();
      if (next === undefined) return;
      yield await next;
      atOnce = window;
    }
  } finally {
    await iterator.return?.();
  }
}
