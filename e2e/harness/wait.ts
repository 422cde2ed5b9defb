/** Waiting is for a condition. No test sets a time: a busy machine may take what it takes. */
import { requireAllAlive } from "./processes.ts";

/** Ends what hangs, and nothing else: more than a hundred times what any condition takes on a quiet machine. */
export const PATIENCE_MS = 10 * 60_000;
const POLL_MS = 50;

const pause = () => new Promise((done) => setTimeout(done, POLL_MS));

/** Resolves once `condition` holds. Throws at once, with its last words, when a process ended that no test asked to end. */
export async function until(condition: () => boolean | Promise<boolean>, describe: () => string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  try {
    while (!(await condition())) {
      requireAllAlive();
      if (performance.now() > deadline) throw new Error(`after ${PATIENCE_MS / 60_000} minutes: ${describe()}`);
      await pause();
    }
  } catch (error) {
    await pause(); // a request that was not answered, by one that is dying
    requireAllAlive();
    throw error;
  }
}
