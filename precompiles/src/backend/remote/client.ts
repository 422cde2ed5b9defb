/** A batch back end on another machine: a `noema gpu-worker`. What it answers is bounded, and not trusted (guarded-backend.ts). */
import { type Bytes, toHex } from "@noema/core/bytes";
import { fail, precompileError } from "../../errors.ts";
import type { LoadedModel } from "../../model/load.ts";
import { checkInput } from "../../model/run-model.ts";
import type { OpenBackend } from "../batch-backend.ts";
import { inferPath, MAX_INFER_BYTES, modelPath } from "./wire.ts";

const START_MS = 10_000;
/** Of an answer that is no result. */
const MOST_WORDS = 4096;

type Refusal = { code: string; message: string };

/** Rejects with BACKEND_UNAVAILABLE where nothing answers at `url` or it is none. */
export async function openRemoteBackend(url: string | undefined): Promise<OpenBackend> {
  const unavailable = (why: string) => fail("BACKEND_UNAVAILABLE", `back end remote: ${why}`, { name: "remote" });
  if (url === undefined) return unavailable("--gpu-worker has to say where a `noema gpu-worker` answers");
  const ending = new AbortController();
  const name = await describe(url).catch((error) => unavailable(`${url}: ${wordsOf(error)}`));

  async function ask(method: "PUT" | "POST", path: string, body: Bytes, mostBytes: number): Promise<Bytes | Refusal> {
    const send = () => fetch(new URL(path, url), { method, body, signal: ending.signal });
    try {
      const response = await send().catch((error) => (isHungUp(error) ? send() : Promise.reject(error)));
      const bytes = await boundedBody(response, response.ok ? mostBytes : MOST_WORDS);
      return response.ok ? bytes : refusalOf(bytes);
    } catch (error) {
      throw precompileError("BACKEND_LOST", `the gpu-worker at ${url} gave no answer: ${wordsOf(error)}`, {});
    }
  }

  async function infer(model: LoadedModel, inputs: readonly Bytes[]): Promise<Bytes[]> {
    const id = toHex(model.id);
    const outputBytes = model.outputBytes * inputs.length;
    const post = () => ask("POST", inferPath(id), joined(inputs), outputBytes);
    let answer = await post();
    if ("code" in answer && answer.code === "MODEL_UNKNOWN") {
      const put = await ask("PUT", modelPath(id), Uint8Array.from(model.file), 0);
      answer = "code" in put ? put : await post();
    }
    if ("code" in answer && (answer.code === "BACKEND_MODEL_UNFIT" || answer.code === "BACKEND_BUSY")) fail(answer.code, answer.message);
    if ("code" in answer) throw precompileError("BACKEND_LOST", `the gpu-worker refused: ${answer.message} (${answer.code})`, {});
    const bytes = answer;
    if (bytes.length !== outputBytes)
      throw precompileError("BACKEND_LOST", `${bytes.length} bytes of results where ${outputBytes} are due`, {});
    return inputs.map((_, i) => bytes.slice(i * model.outputBytes, (i + 1) * model.outputBytes));
  }
  return {
    name: `${name} at ${url}`,
    async submit(model, inputs) {
      for (const input of inputs) checkInput(model, input);
      const most = Math.max(1, Math.floor(MAX_INFER_BYTES / Math.max(model.inputBytes, model.outputBytes)));
      const outputs: Bytes[] = [];
      for (let from = 0; from < inputs.length; from += most) outputs.push(...(await infer(model, inputs.slice(from, from + most))));
      return outputs;
    },
    close: () => ending.abort(new Error("closed")),
  };
}

/**
 * A connection that was kept is closed by the worker at the moment at which a request goes out on it. Asking twice is harmless: the
 * same question has the same answer.
 */
const isHungUp = ({ cause }: { cause?: { code?: unknown } }) => HUNG_UP.has(cause?.code);
const HUNG_UP = new Set<unknown>(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

async function describe(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(START_MS) });
  const { name } = parsed(Buffer.from(await boundedBody(response, MOST_WORDS)).toString());
  if (!response.ok || typeof name !== "string") throw new Error("no gpu-worker answers there");
  return name;
}

/** Of whatever answers at that address. */
function parsed(text: string): { name?: unknown } {
  try {
    return Object(JSON.parse(text)) as { name?: unknown };
  } catch {
    return {};
  }
}

/** Throws above `most`, before more is read. */
async function boundedBody(response: Response, most: number): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > most) throw new Error(`an answer of more than ${most} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function refusalOf(bytes: Bytes): Refusal {
  const { code, message } = JSON.parse(Buffer.from(bytes).toString()) as Partial<Refusal>;
  return { code: String(code), message: String(message).slice(0, 200) };
}

function wordsOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== "" ? cause.message : message;
}

function joined(inputs: readonly Bytes[]): Bytes {
  return new Uint8Array(Buffer.concat(inputs));
}
