/** Objects read back through the node that served the page, none from its memory, and compared with what was published. */
import type { Hex } from "../types.ts";
import { parseRuns } from "./layout.ts";

export type ReadObject = {
  bytes: Uint8Array;
  /** Slots that were read for it. */
  rows: ReadonlySet<number>;
  /** Keys of holders whose rows did not verify, in hex without 0x. */
  liars: ReadonlySet<string>;
};

/** Throws with the node's words. */
export async function readObject(id: Hex, signal: AbortSignal): Promise<ReadObject> {
  const response = await fetch(`/da/${id}?raw`, { headers: { "cache-control": "no-cache" }, cache: "no-store", signal });
  if (!response.ok) {
    const { message } = (await response.json().catch(() => ({}))) as { message?: string };
    throw new Error(message ?? `the node answers ${response.status}`);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  const [rows, liars] = [response.headers.get("noema-rows-read"), response.headers.get("noema-wrong-rows-from")];
  return { bytes, rows: rows === null ? new Set() : parseRuns(rows), liars: new Set(liars?.split(", ")) };
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
