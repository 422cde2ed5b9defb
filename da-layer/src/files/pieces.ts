import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";

/** Cuts a stream into pieces of `size` bytes, the last of what is left; of an empty stream nothing. One piece at a time is in memory. */
export async function* cutPieces(data: AsyncIterable<Bytes>, size: number): AsyncIterable<Bytes> {
  let piece = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of data)
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(size - filled, chunk.length - at);
      piece.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < size) continue;
      yield piece;
      piece = new Uint8Array(size);
      filled = 0;
    }
  if (filled > 0) yield piece.subarray(0, filled);
}

/** What comes first, as much as is `enough`, and a stream of all. */
export async function peek<T>(
  items: AsyncIterable<T>,
  enough: (first: readonly T[]) => boolean,
): Promise<{ first: T[]; all: AsyncIterable<T> }> {
  const iterator = items[Symbol.asyncIterator]();
  const first: T[] = [];
  while (!enough(first)) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(next.value);
  }
  async function* all() {
    try {
      while (first.length > 0) yield first.shift() as T; // not kept: a piece is 4 MB
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { first: [...first], all: all() };
}

export async function collect(chunks: AsyncIterable<Bytes>): Promise<Bytes> {
  const parts: Bytes[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return concatBytes(...parts);
}
