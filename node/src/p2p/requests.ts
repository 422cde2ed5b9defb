/** Request and answer, one stream each (protocol.ts). Either side ends it by resetting the stream. */
import type { Stream, StreamMessageEvent } from "@libp2p/interface";
import { utf8 } from "@noema/core/bytes";
import { coreError, NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Peer } from "@noema/core/ports/network";
import { drained } from "./drained.ts";
import { createFrameReader, encodeFrame } from "./framing.ts";
import { ANSWER_CHUNK, MAX_REQUEST_BODY } from "./protocol.ts";
import type { ServingBudget } from "./serving-budget.ts";

const CHUNK = 0;
const END = 1;
const FAILED = 2;
const MAX_METHOD_BYTES = 64;
const MAX_WAITING = 1 << 20; // answer bytes that nobody has taken yet; beyond it the peer has to wait

export type RequestHandler = (from: Peer, body: Bytes, signal: AbortSignal) => AsyncIterable<Bytes>;

export function requestFailed(method: string, reason: string): NoemaError {
  return coreError("REQUEST_FAILED", `request ${method}: ${reason}`, { method, reason });
}

/** Throws REQUEST_FAILED, or the signal's reason. */
export async function* ask(
  open: () => Promise<Stream>,
  method: string,
  body: Bytes,
  max: number,
  signal: AbortSignal,
): AsyncIterable<Bytes> {
  signal.throwIfAborted();
  if (body.length > MAX_REQUEST_BODY) throw requestFailed(method, `a body of ${body.length} bytes; the limit is ${MAX_REQUEST_BODY}`);
  const stream = await open().catch((error) => {
    signal.throwIfAborted();
    throw requestFailed(method, error instanceof Error ? error.message : String(error));
  });
  const answer = receive(stream, () => Math.min(max, ANSWER_CHUNK) + 1);
  const onAbort = () => stream.abort(new Error("aborted"));
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    signal.throwIfAborted();
    const name = utf8(method);
    if (stream.writeStatus !== "writable") throw requestFailed(method, "the connection ended");
    stream.send(encodeFrame(Uint8Array.of(name.length), name, body));
    let total = 0;
    for (;;) {
      const frame = await answer.next();
      signal.throwIfAborted();
      if (typeof frame === "string") throw requestFailed(method, frame);
      const [tag, payload] = [frame[0], frame.subarray(1)];
      if (tag === END) return;
      if (tag !== CHUNK)
        throw requestFailed(method, tag === FAILED ? Buffer.from(payload.subarray(0, 200)).toString() : "malformed answer");
      total += payload.length;
      if (total > max) throw requestFailed(method, `more than ${max} bytes`);
      yield payload;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    stream.abort(new Error("request ended"));
  }
}

/** Frames of an answer one by one, or a string: why there are no more. Pauses the stream while frames wait. */
function receive(stream: Stream, maxFrame: () => number): { next(): Promise<Bytes | string> } {
  const frames: Bytes[] = [];
  let waiting = 0;
  let ended: string | undefined;
  let wake = () => {};
  const reader = createFrameReader(maxFrame, (frame) => {
    frames.push(frame); // the reader allocates each frame anew, so it may be kept
    waiting += frame.length;
  });
  const finish = (reason: string) => {
    ended ??= reason;
    wake();
  };
  stream.addEventListener("message", (event: StreamMessageEvent) => {
    if (ended !== undefined) return;
    try {
      reader.push(event.data.subarray());
    } catch (error) {
      finish(error instanceof Error ? error.message : String(error));
    }
    if (waiting > MAX_WAITING && stream.readStatus === "readable") stream.pause();
    wake();
  });
  // not "remoteCloseWrite", nor "close": they come while the stream still holds what arrived as it was paused
  stream.addEventListener("end", () => finish(stream.status === "open" ? "the answer was cut off" : "the connection ended"));
  return {
    async next() {
      while (frames.length === 0 && ended === undefined) await new Promise<void>((resolve) => (wake = resolve));
      const frame = frames.shift();
      if (frame === undefined) return ended as string;
      waiting -= frame.length;
      if (waiting <= MAX_WAITING && stream.readStatus === "paused") stream.resume();
      return frame.length === 0 ? "malformed answer" : frame;
    },
  };
}

/** Reads the one frame of a request, runs its handler and streams the answer. Never throws. */
export function answer(stream: Stream, from: Peer, handlerOf: (method: string) => RequestHandler | undefined, budget: ServingBudget): void {
  const controller = new AbortController();
  stream.addEventListener("close", () => controller.abort(new Error("the peer ended the request")));
  let asked = false;
  const reader = createFrameReader(
    () => MAX_REQUEST_BODY + MAX_METHOD_BYTES + 1,
    (frame) => {
      if (asked) return stream.abort(new Error("two requests on one stream"));
      asked = true;
      run(stream, from, frame, handlerOf, budget, controller.signal).catch((error) => stream.abort(error));
    },
  );
  stream.addEventListener("message", (event: StreamMessageEvent) => {
    try {
      reader.push(event.data.subarray());
    } catch (error) {
      stream.abort(error as Error);
    }
  });
}

async function run(
  stream: Stream,
  from: Peer,
  frame: Bytes,
  handlerOf: (method: string) => RequestHandler | undefined,
  budget: ServingBudget,
  signal: AbortSignal,
): Promise<void> {
  const nameLength = frame[0] ?? 0;
  const method = Buffer.from(frame.subarray(1, 1 + nameLength)).toString();
  const handler = nameLength <= MAX_METHOD_BYTES ? handlerOf(method) : undefined;
  try {
    if (handler === undefined) throw coreError("REQUEST_FAILED", "unknown method");
    for await (const chunk of handler(from, frame.subarray(1 + nameLength), signal)) {
      for (let at = 0; at < chunk.length; at += ANSWER_CHUNK) {
        if (signal.aborted) return;
        await budget.spend(from, Math.min(ANSWER_CHUNK, chunk.length - at), signal);
        await send(stream, CHUNK, chunk.subarray(at, at + ANSWER_CHUNK), signal);
      }
      if (signal.aborted) return;
    }
    await send(stream, END, new Uint8Array(0), signal);
  } catch (error) {
    if (signal.aborted) return;
    // only a code crosses: messages may hold what is not the peer's business
    const reason = error instanceof NoemaError ? (error.code === "REQUEST_FAILED" ? error.message : error.code) : "internal error";
    await send(stream, FAILED, utf8(reason), signal);
  }
  await stream.close();
}

async function send(stream: Stream, tag: number, payload: Bytes, signal: AbortSignal): Promise<void> {
  if (!stream.send(encodeFrame(Uint8Array.of(tag), payload))) await drained(stream, signal);
}
