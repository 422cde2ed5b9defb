/** For messages with many bytes: each byte array is copied once into a buffer of its own, which is handed over. A view would clone all of its buffer. */
import type { Post } from "./rpc.ts";

export const postCopy: Post = (port, message) => {
  const buffers: ArrayBuffer[] = [];
  port.postMessage(copied(message, buffers), buffers);
};

function copied(value: unknown, buffers: ArrayBuffer[]): unknown {
  if (value instanceof Uint8Array) {
    const own = new Uint8Array(value);
    buffers.push(own.buffer);
    return own;
  }
  if (Array.isArray(value)) return value.map((x) => copied(x, buffers));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, x]) => [key, copied(x, buffers)]));
}
