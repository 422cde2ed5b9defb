/** A node that is asked over HTTP: GET /da-cells/<id>/facts and GET /da-cells/<id>/cells. Runs in Node and in browsers. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { remadeError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { daError } from "../errors.ts";
import { PROVEN_CELL_BYTES } from "./cells.ts";
import type { CellSource } from "./client.ts";
import { MAX_FACTS_BYTES, parseFacts } from "./facts.ts";

/** A row that waits for others is cut in this time, or somebody else is asked. */
const ANSWER_MS = 30_000;

/** `url`: without a slash at its end. Errors are the node's own codes, or what fetch throws. */
export function createHttpSource(url: string): CellSource {
  async function ask(path: string, limit: number, signal: AbortSignal): Promise<Bytes> {
    const response = await fetch(`${url}/da-cells/${path}`, { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) });
    const body = await readBounded(response, Math.max(limit, MAX_FACTS_BYTES));
    if (response.ok) return body;
    const { code, message } = parseJson(body) as { code?: unknown; message?: unknown };
    if (typeof code !== "string" || typeof message !== "string")
      throw daError("DA_FRAME_INVALID", `${url}: HTTP ${response.status}, no answer of a node`);
    throw remadeError(code, message);
  }
  const name = (id: Bytes) => `0x${bytesToHex(id)}`;
  return {
    name: url,
    facts: async (id, signal) => parseFacts(parseJson(await ask(`${name(id)}/facts`, MAX_FACTS_BYTES, signal))),
    cells: (id, slot, indices, signal) =>
      ask(`${name(id)}/cells?slot=${slot}&cells=${indices.join(",")}`, indices.length * PROVEN_CELL_BYTES, signal),
  };
}

function parseJson(body: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) ?? {};
  } catch {
    throw daError("DA_FRAME_INVALID", "an answer is no JSON");
  }
}

/** Throws DA_FRAME_INVALID above the limit, having read no more than a chunk beyond it. */
async function readBounded(response: Response, limit: number): Promise<Bytes> {
  const parts: Bytes[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    length += part.value.length;
    if (length > limit) {
      await reader?.cancel();
      throw daError("DA_FRAME_INVALID", `an answer of more than ${limit} bytes`);
    }
    parts.push(part.value);
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
