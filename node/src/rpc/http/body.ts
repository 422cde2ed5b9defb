import type { Readable } from "node:stream";
import type { Bytes } from "@noema/core/ports/bytes";

/** What is read and thrown away of a body above the limit, so that its sender reads the answer and can go on. */
const MAX_DRAIN = 64 << 20;

/** The body, or its length so far when it is above `limit`; the rest is drained, and the stream destroyed above MAX_DRAIN. */
export async function readBody(stream: Readable, limit: number): Promise<{ body: Buffer } | { tooLarge: number }> {
  let chunks: Bytes[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Bytes>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else chunks = [];
    if (length > limit + MAX_DRAIN) {
      stream.destroy();
      break;
    }
  }
  return length > limit ? { tooLarge: length } : { body: Buffer.concat(chunks, length) };
}
