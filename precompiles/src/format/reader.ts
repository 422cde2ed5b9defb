import type { Bytes } from "@noema/core/bytes";
import { fail } from "../errors.ts";

export interface Reader {
  at(): number;
  u8(): number;
  i8(): number;
  u16(): number;
  u32(): number;
  i32(): number;
  /** Throws unless only zeros are left. */
  zerosToEnd(): void;
}

/** Little-endian cursor over a header; throws MODEL_ENCODING_INVALID where the bytes end too soon. */
export function createReader(bytes: Bytes, from: number): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = from;
  const take = (size: number) => {
    if (at + size > bytes.length) fail("MODEL_ENCODING_INVALID", `header ends at ${bytes.length}, inside a record`);
    at += size;
    return at - size;
  };
  return {
    at: () => at,
    u8: () => view.getUint8(take(1)),
    i8: () => view.getInt8(take(1)),
    u16: () => view.getUint16(take(2), true),
    u32: () => view.getUint32(take(4), true),
    i32: () => view.getInt32(take(4), true),
    zerosToEnd() {
      for (; at < bytes.length; at++) if (bytes[at] !== 0) fail("MODEL_ENCODING_INVALID", "padding of the header is not zero");
    },
  };
}
