import { RpcFailure } from "./rpc.ts";

const POLL_MS = 60;
const LIMIT_MS = 60_000;

/** Asks until there is an answer. */
export async function waitFor<T>(ask: () => Promise<T | null | false>, limitMs = LIMIT_MS): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > end) throw new RpcFailure(`no answer after ${limitMs / 1000} s: is the chain halted?`);
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}
