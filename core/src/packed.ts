/** Many byte strings as one, for a message between threads: u32le count || u32le end of each || the bytes, one after the other. */
import type { Bytes } from "./ports/bytes.ts";

const WORD = 4;

/** In a buffer of its own. */
export function packBytes(items: readonly Bytes[]): Bytes {
  const head = WORD * (1 + items.length);
  const packed = new Uint8Array(items.reduce((sum, item) => sum + item.length, head));
  const view = new DataView(packed.buffer);
  view.setUint32(0, items.length, true);
  let end = 0;
  for (const [i, item] of items.entries()) {
    packed.set(item, head + end);
    end += item.length;
    view.setUint32(WORD * (1 + i), end, true);
  }
  return packed;
}

/** Views, in order. `packed` is this process's own. */
export function unpackBytes(packed: Bytes): Bytes[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const count = view.getUint32(0, true);
  const head = WORD * (1 + count);
  let from = head;
  return Array.from({ length: count }, (_, i) => {
    const to = head + view.getUint32(WORD * (1 + i), true);
    const item = packed.subarray(from, to);
    from = to;
    return item;
  });
}
