import { NoAnswer } from "./rpc.ts";

const POLL_MS = 60;

/**
 * Asks until there is an answer, however long the chain is halted or the node away: what was accepted is kept and goes on by
 * itself. Ends when the person gives up.
 */
export async function waitFor<T>(ask: () => Promise<T | null | false>, signal: AbortSignal): Promise<T> {
  for (;;) {
    const answer = await ask().catch((error) => {
      if (error instanceof NoAnswer) return null;
      throw error;
    });
    signal.throwIfAborted();
    if (answer !== null && answer !== false) return answer;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}
