/** Runs tasks one after another, in the order they came; one that fails does not stop the next. */
export type Serial = <T>(task: () => T | Promise<T>) => Promise<T>;

export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => undefined);
    return run;
  };
}
