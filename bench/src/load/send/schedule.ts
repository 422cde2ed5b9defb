/** When requests are due. */

/** Milliseconds after the start at which request k begins, where each takes `batch` transactions and `rate` transactions a second are asked. */
export function dueTimes(sizes: readonly number[], rate: number): Float64Array {
  const due = new Float64Array(sizes.length);
  let sent = 0;
  for (const [k, size] of sizes.entries()) {
    due[k] = (sent / rate) * 1000;
    sent += size;
  }
  return due;
}

/** How many of `due`, which rises, are due at `now`. */
export function dueBy(due: Float64Array, now: number, from = 0): number {
  let k = from;
  while (k < due.length && (due[k] as number) <= now) k++;
  return k;
}
