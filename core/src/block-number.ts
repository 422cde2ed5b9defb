import type { BlockNumber } from "./ports/bytes.ts";

/** Where a number comes from outside the types: a header's field, a request, arithmetic. */
export function blockNumber(value: number): BlockNumber {
  return value as BlockNumber;
}
