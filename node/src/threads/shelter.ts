/**
 * When a thread must not be ended, since the whole process would end with it: while its modules load (V8 holds that a module whose
 * evaluation waits can always be told that it may go on), and inside a native add-on (what that throws cannot be thrown any more:
 * node-addon-api). So a thread says when it is in such a place, and is ended only when it is in none. The two words are a lock of
 * Dekker's kind: each side writes its own before it looks at the other's.
 */
import type { Worker } from "node:worker_threads";

/** How many such places it is in. */
const INSIDE = 0;
const ENDING = 1;

export type Shelter = SharedArrayBuffer;

/** Of a thread that is about to be started. */
export function createShelter(): Shelter {
  const shelter = new SharedArrayBuffer(8);
  new Int32Array(shelter)[INSIDE] = 1; // it loads
  return shelter;
}

/** Ends the thread: when it is in none of its places, or has died by itself. */
export async function endOutside(worker: Worker, shelter: Shelter): Promise<void> {
  const words = new Int32Array(shelter);
  Atomics.store(words, ENDING, 1);
  worker.ref(); // its exit is waited for
  const exit = new Promise((done) => worker.once("exit", done));
  const lives = () => worker.threadId !== -1;
  for (let inside = Atomics.load(words, INSIDE); inside > 0 && lives(); inside = Atomics.load(words, INSIDE))
    await Promise.race([exit, Atomics.waitAsync(words, INSIDE, inside).value]);
  await worker.terminate();
}

/** In the thread. */
export type Sheltered = {
  /** What has not begun when the thread is to be ended never returns. A promise is inside until it is settled. */
  run<T>(call: () => T): T;
  /** Once: the modules are there. */
  loaded(): void;
};

export function sheltered(shelter: Shelter): Sheltered {
  const words = new Int32Array(shelter);
  function leave(): void {
    Atomics.sub(words, INSIDE, 1);
    Atomics.notify(words, INSIDE);
  }
  function enter(): void {
    if (Atomics.add(words, INSIDE, 1) > 0 || Atomics.load(words, ENDING) === 0) return;
    leave();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); // for ever
  }
  return {
    run<T>(call: () => T): T {
      enter();
      let result: T;
      try {
        result = call();
      } catch (error) {
        leave();
        throw error;
      }
      if (result instanceof Promise) result.then(leave, leave);
      else leave();
      return result;
    },
    loaded: leave,
  };
}
