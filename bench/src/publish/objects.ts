/** Objects as a client puts and gets them. */
import { createHash } from "node:crypto";
import { benchError } from "../load/errors.ts";

/** Steps as the node tells them; `ms`: until the answer. */
export type Put = { id: string; encodedMs: number; certifiedMs: number; ms: number };

/** No two have a byte sequence in common, so that none costs less. */
export function seededBytes(seed: number, i: number, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash("shake256", { outputLength: length }).update(`noema bench publish ${seed} ${i}`).digest());
}

/** Throws BENCH_RUN_FAILED where it is refused. */
export async function putObject(url: string, body: Uint8Array<ArrayBuffer>): Promise<Put> {
  const started = performance.now();
  const answer = await fetch(`${url}/da?raw`, { method: "PUT", body });
  const text = await answer.text();
  if (!answer.ok) throw benchError("BENCH_RUN_FAILED", `PUT /da: ${answer.status} ${text}`);
  const { id, seconds } = JSON.parse(text) as { id: string; seconds: { encoded: number; certified: number } };
  return { id, encodedMs: 1000 * seconds.encoded, certifiedMs: 1000 * seconds.certified, ms: performance.now() - started };
}

/** Resolves once its rows are encoded: from there on they are offered to the others. Throws BENCH_RUN_FAILED where it is refused. */
export async function beginPut(url: string, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
  const answer = await fetch(`${url}/da?raw`, { method: "PUT", headers: { accept: "application/x-ndjson" }, body, signal });
  let text = "";
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('"encoded"')) return;
  }
  throw benchError("BENCH_RUN_FAILED", `PUT /da: ${answer.status} ${text}`);
}

/** ms until the last byte. Throws BENCH_RUN_FAILED where it does not come, or is another. */
export async function getObject(url: string, id: string, expected: Uint8Array): Promise<number> {
  const started = performance.now();
  const answer = await fetch(`${url}/da/${id}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const ms = performance.now() - started;
  if (!answer.ok || Buffer.compare(bytes, expected) !== 0) throw benchError("BENCH_RUN_FAILED", `GET /da/${id}: ${answer.status}`);
  return ms;
}
