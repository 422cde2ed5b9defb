/** Codes by hash, the same array each time while it is held; all are let go when they take more than a bound. */
import type { Bytes } from "@noema/core/ports/bytes";

/** A block can read thousands of codes of 24 KiB. */
const MAX_BYTES = 64 * 2 ** 20;

export type HeldCodes = {
  get(id: string, read: () => Bytes): Bytes;
  clear(): void;
};

export function createHeldCodes(maxBytes = MAX_BYTES): HeldCodes {
  const codes = new Map<string, Bytes>();
  let bytes = 0;
  function clear(): void {
    codes.clear();
    bytes = 0;
  }
  return {
    clear,
    get(id, read) {
      let code = codes.get(id);
      if (code === undefined) {
        code = read();
        if (bytes + code.length > maxBytes) clear();
        bytes += code.length;
        codes.set(id, code);
      }
      return code;
    },
  };
}
