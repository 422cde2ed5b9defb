/** Runs tasks one after another, in the order they came; a task that fails does not stop the next. */
export type Lane = <T>(task: () => T | Promise<T>) => Promise<T>;

export function createLane(): Lane {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => undefined);
    return run;
  };
}
