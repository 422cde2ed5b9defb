import type { NoemaError } from "@noema/core/errors";
import { execError } from "../../errors.ts";

/** `at` is the offset of the item's header in the bytes that were given. */
export function rlpError(reason: string, field: string, at: number): NoemaError<"RLP_INVALID"> {
  return execError("RLP_INVALID", `${field}: ${reason} (at byte ${at})`, { field, at, reason });
}
