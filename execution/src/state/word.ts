import type { Bytes } from "@noema/core/ports/bytes";

/** As state holds a value: without leading zeros, empty for zero. */
export function trimZeros(value: Bytes): Bytes {
  let first = 0;
  while (first < value.length && value[first] === 0) first++;
  return first === 0 ? value : value.subarray(first);
}
