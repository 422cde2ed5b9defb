/**
 * Own sequence numbers. They are reserved durably in runs, ahead of use, so that a batch may be sent while its own record is
 * still being fsynced: after a crash the rest of the run is skipped, and no number is used for two ids.
 */
const RUN = 1024;

export type Sequence = {
  /** The next number; waits for an fsync only when the durable run is used up. */
  next(): Promise<number>;
};

/** `first`: lowest number never reserved. `reserve` makes "all below `end` are taken" durable. */
export function createSequence(first: number, reserve: (end: number) => Promise<void>): Sequence {
  let next = first;
  let durableEnd = first;
  let extending: Promise<void> | undefined;
  function extend(): Promise<void> {
    const end = durableEnd + RUN;
    extending ??= reserve(end)
      .then(() => {
        durableEnd = end;
      })
      .finally(() => {
        extending = undefined;
      });
    return extending;
  }
  return {
    async next() {
      while (next >= durableEnd) await extend();
      const seq = next++;
      if (durableEnd - next < RUN / 4) extend().catch(() => {}); // a failure shows when the run is used up
      return seq;
    },
  };
}
