/**
 * A question to an own validator. By Node's http, since what `fetch` is made of takes longer to load than all else that a devnet runs, and
 * would when its validators need the cores.
 */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";

/** GET, or POST of `body` as JSON. Rejects where there is no answer, none until the signal, or one that is no JSON. */
export async function askJson(url: string, { body, signal }: { body?: unknown; signal?: AbortSignal } = {}): Promise<unknown> {
  const asked = body === undefined ? request(url, { signal }) : request(url, { signal, method: "POST", headers: JSON_BODY });
  const answered = once(asked, "response") as Promise<[IncomingMessage]>;
  asked.on("error", () => {}); // told by `answered`, or by what reads the answer
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await answered;
  return json(response);
}

const JSON_BODY = { "content-type": "application/json" };
