/** The request half of sim-network: a chunk leaves when the one before it was taken, and none once the asker has ended. */
import { coreError, NoemaError } from "../errors.ts";
import type { Bytes } from "../ports/bytes.ts";
import type { Peer } from "../ports/network.ts";

export type RequestHandler = (from: Peer, body: Bytes, signal: AbortSignal) => AsyncIterable<Bytes>;
/** Each returns false when the message was lost. */
export type Path = { there: (run: () => void) => boolean; back: (run: () => void) => boolean };
type Server = { handler: RequestHandler | undefined; from: Peer };
type Message = { chunk: Bytes; taken: () => void } | { error: string } | "end";

export function requestFailed(method: string, reason: string): NoemaError {
  return coreError("REQUEST_FAILED", `request ${method}: ${reason}`, { method, reason });
}

export async function* answerRequest(
  server: Server | undefined,
  method: string,
  body: Bytes,
  max: number,
  signal: AbortSignal,
  path: Path,
): AsyncIterable<Bytes> {
  signal.throwIfAborted();
  if (server === undefined) throw requestFailed(method, "unknown peer");
  const inbox: Message[] = [];
  let wake = () => {};
  const receive = (message: Message) => {
    inbox.push(message);
    wake();
  };
  const ended = new AbortController();
  const stop = () => {
    ended.abort(signal.reason);
    wake();
  };
  signal.addEventListener("abort", stop, { once: true });
  if (!path.there(() => void serve(server, method, body, ended.signal, path, receive))) throw requestFailed(method, "lost");
  let total = 0;
  try {
    for (;;) {
      while (inbox.length === 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      signal.throwIfAborted();
      const message = inbox.shift() as Message;
      if (message === "end") return;
      if ("error" in message) throw requestFailed(method, message.error);
      total += message.chunk.length;
      if (total > max) throw requestFailed(method, `more than ${max} bytes`);
      yield message.chunk;
      message.taken();
    }
  } finally {
    signal.removeEventListener("abort", stop);
    ended.abort();
  }
}

async function serve(server: Server, method: string, body: Bytes, signal: AbortSignal, path: Path, receive: (m: Message) => void) {
  const answer = (message: Message) => {
    if (!path.back(() => receive(message))) receive({ error: "lost" });
  };
  if (server.handler === undefined) return answer({ error: `unknown method ${method}` });
  try {
    for await (const chunk of server.handler(server.from, body, signal)) {
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
        answer({ chunk: Uint8Array.from(chunk), taken: resolve });
      });
      if (signal.aborted) return;
    }
    answer("end");
  } catch (error) {
    answer({ error: error instanceof NoemaError ? error.code : "internal error" });
  }
}
