import type { Readable } from "node:stream";
import type { Bytes } from "@noema/core/ports/bytes";

/** What is read and thrown away of a body above the limit, so that its sender reads the answer and can go on. */
const MAX_DRAIN = 64 << 20;

export type ReadBody = { body: Buffer } | { tooLarge: number };

/** The body, or its length so far when it is above `limit`; the rest is drained, and the stream destroyed above MAX_DRAIN. Throws the stream's error. */
export function readBody(stream: Readable, limit: number): Promise<ReadBody> {
  let chunks: Bytes[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const settle = () => resolve(length > limit ? { tooLarge: length } : { body: bodyOf(chunks, length) });
    stream.on("data", (chunk: Bytes) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else chunks = [];
      if (length <= limit + MAX_DRAIN) return;
      stream.destroy();
      settle();
    });
    stream.once("end", settle);
    stream.once("error", reject);
    stream.once("close", () => stream.readableEnded || reject(new Error("aborted")));
  });
}

function bodyOf(chunks: readonly Bytes[], length: number): Buffer {
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
}
