import { type ErrorTable, NoemaError } from "@noema/core/errors";

export const rlpErrors = {
  RLP_INVALID: {
    means: "bytes are not strict RLP: truncated, trailing bytes, a length or integer that is not in its shortest form",
    remedy: "Encode again with a library that writes canonical RLP.",
  },
} as const satisfies ErrorTable;

/** `at` is the offset of the item's header in the bytes that were given. */
export function rlpError(reason: string, field: string, at: number): NoemaError<"RLP_INVALID"> {
  return new NoemaError("RLP_INVALID", `${field}: ${reason} (at byte ${at})`, { field, at, reason });
}
