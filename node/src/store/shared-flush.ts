/** One flush at a time; calls that come while it runs share the next, which begins when it has ended. Each hears how its own flush ended. */
export function sharedFlush(flush: () => Promise<void>): () => Promise<void> {
  /** The flush that runs or ran last; never rejects. */
  let current: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= current.then(() => {
      next = undefined;
      const flushed = flush();
      current = flushed.catch(() => {});
      return flushed;
    });
    return next;
  };
}
