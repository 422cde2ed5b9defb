/** All that came in one turn of the event loop is one run, whoever brought it; what is more than `most` goes on in the next turn. */

type Asked<T, R> = { items: readonly T[]; answer(results: R): void; fail(error: unknown): void };

/** `run` gets what several have brought, and gives each its own, in order. */
export function gatherTurns<T, R>(most: number, run: (asked: readonly (readonly T[])[]) => Promise<readonly R[]>) {
  let waiting: Asked<T, R>[] = [];

  function begin(): void {
    let count = 0;
    const fits = waiting.findIndex(({ items }, i) => {
      count += items.length;
      return i > 0 && count > most;
    });
    const taken = fits < 0 ? waiting : waiting.slice(0, fits);
    waiting = fits < 0 ? [] : waiting.slice(fits);
    if (waiting.length > 0) setImmediate(begin);
    run(taken.map(({ items }) => items)).then(
      (results) => {
        for (const [i, { answer }] of taken.entries()) answer(results[i] as R);
      },
      (error) => {
        for (const { fail } of taken) fail(error);
      },
    );
  }

  return (items: readonly T[]) =>
    new Promise<R>((answer, fail) => {
      waiting.push({ items, answer, fail });
      if (waiting.length === 1) setImmediate(begin);
    });
}
