import type { Stream } from "@libp2p/interface";
import { expect, it } from "vitest";
import { drained } from "./drained.ts";

function createStream() {
  const stream = Object.assign(new EventTarget(), { writableNeedsDrain: true, writeStatus: "writable" });
  const drain = (needsMore = false) => {
    stream.writableNeedsDrain = needsMore;
    stream.dispatchEvent(new Event("drain"));
  };
  return { stream: stream as unknown as Stream & typeof stream, drain };
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const turns = new Promise((resolve) => setImmediate(resolve, "waits"));
  return (await Promise.race([promise.then(String, String), turns])) !== "waits";
}

it("waits each time until the stream takes bytes again", async () => {
  const { stream, drain } = createStream();
  const first = drained(stream);
  drain(true); // it was full again at once
  expect(await isSettled(first)).toBe(false);
  drain();
  await first;
  await drained(stream);
  stream.writableNeedsDrain = true;
  const second = drained(stream);
  expect(await isSettled(second)).toBe(false);
  drain();
  await second;
});

it("ends with the stream, and with the signal", async () => {
  const { stream } = createStream();
  const control = new AbortController();
  const [aborted, closed] = [drained(stream, control.signal), drained(stream)];
  control.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");
  expect(await isSettled(closed)).toBe(false);
  stream.writeStatus = "closed";
  stream.dispatchEvent(new Event("close"));
  await expect(closed).rejects.toThrow("closed");
  await expect(drained(stream)).rejects.toThrow("closed");
});
