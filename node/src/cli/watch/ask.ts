/** What one node says of itself, over its RPC. */
import { ask, readJson } from "../da/ask.ts";

const ANSWER_MS = 3000;

export type Status = {
  state: string;
  cause: string | null;
  epoch: string;
  view: string;
  self: number | null;
  heardFrom: number[];
  validators: number;
  consensusHeight: string;
  latest: string;
  finalized: string;
};
export type Certificate = { height: string; signers: { index: number }[] };

/** Throws what the node refused, CLI_REQUEST_FAILED, and what the system says of a dead address. */
export async function question<T>(url: string, method: string, params: readonly unknown[] = []): Promise<T> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const init = { method: "POST", headers: { "content-type": "application/json" }, body, signal: AbortSignal.timeout(ANSWER_MS) };
  const { result, error } = await readJson<{ result?: T; error?: { message: string } }>(await ask(url, init));
  if (error !== undefined) throw new Error(error.message);
  return result as T;
}
