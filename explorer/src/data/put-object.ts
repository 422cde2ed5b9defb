/** One object to the node that served the page: PUT /da?raw, whose answer is a line of JSON for each step. */
import { errors } from "@noema/da-layer/errors";
import type { Hex } from "../types.ts";
import { createLines } from "./lines.ts";

/** `validator`: who has just signed; `done`: the share of stake that has. */
export type Line = { state: string; done?: number; id?: Hex; height?: number; validator?: number };
type Refusal = { code?: string; message?: string; data?: { id?: Hex } };
export type Kept = { id: Hex; height: number };

/** What the node answers. `id`: of an object that goes on by itself. */
export class Refused extends Error {
  readonly code: string;
  readonly id?: Hex;
  constructor({ code = "", message = "the answer is none of a node", data }: Refusal) {
    super(message);
    this.code = code;
    this.id = data?.id;
  }
}

const RETRIED = new Set(Object.entries(errors).flatMap(([code, row]) => ("retryAfter" in row ? [code] : [])));

/** Whether the same may go well a little later: the node says so, or nothing came back. */
export function passesByItself(error: unknown): boolean {
  return error instanceof Refused ? RETRIED.has(error.code) : error instanceof TypeError; // what fetch and a cut body throw
}

/** Throws Refused, TypeError where the node is gone, and the signal's reason. */
export async function putObject(payload: Uint8Array, onLine: (line: Line) => void, signal: AbortSignal): Promise<Kept> {
  const headers = { accept: "application/x-ndjson" };
  const body = new Blob([payload as Uint8Array<ArrayBuffer>]); // bytes as they are would be copied while the tab stands still
  const response = await fetch("/da?raw", { method: "PUT", headers, body, signal });
  if (!response.ok) throw new Refused((await response.json().catch(() => ({}))) as Refusal);
  const lines = createLines();
  let last: Line | undefined;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read())
    for (const value of lines.push(part.value)) {
      if ((value as Refusal).code !== undefined) throw new Refused(value as Refusal);
      last = { ...last, ...(value as Line) };
      onLine(value as Line);
    }
  if (last?.state !== "included" || last.id === undefined) throw new TypeError("the answer was cut off");
  return { id: last.id, height: last.height ?? 0 };
}
