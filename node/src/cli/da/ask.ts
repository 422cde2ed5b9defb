/** Requests to a node, with its refusals as errors of ours. */
import { remadeError } from "@noema/core/errors";
import { cliError } from "../errors.ts";

type Refusal = { code?: string; message?: string; error?: { code?: string; message?: string } };

/** Throws the node's own code where it gives one, CLI_REQUEST_FAILED where it does not, and what the system says of a dead address. */
export async function ask(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((error) => {
    const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException;
    if (code !== undefined && /^E[A-Z]+$/.test(code)) throw Object.assign(error, { url }); // the system does not always say which address
    throw cliError("CLI_REQUEST_FAILED", `${url}: ${message}`, { url }, error);
  });
  if (response.ok) return response;
  const refusal = (await response.json().catch(() => ({}))) as Refusal;
  const { code = "CLI_REQUEST_FAILED", message = `${url}: HTTP ${response.status}` } = refusal.error ?? refusal;
  throw remadeError(code, message, { url });
}

export async function readJson<T>(response: Response): Promise<T> {
  return (response.json() as Promise<T>).catch(() => {
    throw cliError("CLI_REQUEST_FAILED", `${response.url}: the answer is no JSON: is this a Noema node?`);
  });
}

/** Lines of JSON as they come. Throws what a line refuses, and CLI_REQUEST_FAILED where one is no JSON. */
export async function* readLines<T extends object>(response: Response): AsyncIterable<T> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield lineOf<T>(line, response.url);
  }
  if (rest !== "") yield lineOf<T>(rest, response.url);
}

function lineOf<T extends object>(line: string, url: string): T {
  let value: T & Refusal;
  try {
    value = JSON.parse(line);
  } catch {
    throw cliError("CLI_REQUEST_FAILED", `${url}: the answer is no JSON: is this a Noema node?`);
  }
  if (value.code !== undefined) throw remadeError(value.code, value.message ?? value.code, { url });
  return value;
}
