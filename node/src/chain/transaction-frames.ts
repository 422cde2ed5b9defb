/** What both topics of transactions carry: (u32be length || raw transaction), one after the other (encoding.md 5). */
import type { Bytes } from "@noema/core/ports/bytes";
import { MAX_TRANSACTION_BYTES } from "@noema/execution/transactions/decode";
import { encodeFrame } from "../p2p/framing.ts";

/** Published. */
export const FOR_ALL = "transactions";
/** Told. */
export const FOR_THE_HOME = "transactions/home";

const LENGTH_BYTES = 4;
/** The largest transaction alone. */
export const MAX_FRAME_BYTES = LENGTH_BYTES + MAX_TRANSACTION_BYTES;
/** To recover so many senders takes 8 ms, which a receiver's votes may wait for. */
export const MAX_FRAME_TRANSACTIONS = 128;

/** In their order, as few frames as the bounds allow. */
export function packTransactions(raws: readonly Bytes[]): Bytes[] {
  const frames: Bytes[] = [];
  let parts: Bytes[] = [];
  let bytes = 0;
  const cut = () => {
    if (parts.length > 0) frames.push(Buffer.concat(parts));
    parts = [];
    bytes = 0;
  };
  for (const raw of raws) {
    const part = encodeFrame(raw);
    if (parts.length === MAX_FRAME_TRANSACTIONS || bytes + part.length > MAX_FRAME_BYTES) cut();
    parts.push(part);
    bytes += part.length;
  }
  cut();
  return frames;
}

/** Copies; undefined: malformed, or above a bound. */
export function unpackTransactions(frame: Bytes): Bytes[] | undefined {
  if (frame.length > MAX_FRAME_BYTES) return undefined;
  const body = Uint8Array.from(frame);
  const view = new DataView(body.buffer);
  const raws: Bytes[] = [];
  for (let at = 0; at < body.length; ) {
    if (raws.length === MAX_FRAME_TRANSACTIONS || at + LENGTH_BYTES > body.length) return undefined;
    const end = at + LENGTH_BYTES + view.getUint32(at);
    if (end > body.length) return undefined;
    raws.push(body.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return raws.length > 0 ? raws : undefined;
}
