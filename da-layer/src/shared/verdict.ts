/** What a typed error means for the peer that caused it: the column `peer` of the tables. */
import { errors as coreErrors, isNoemaError, rowsOf } from "@noema/core/errors";
import type { Verdict } from "@noema/core/ports/network";
import { errors } from "../errors.ts";

const rowOf = rowsOf([coreErrors, errors]);

export const OK: Verdict = { ok: true };

/** Rethrows what is not a peer's fault. */
export function verdictOf(error: unknown): Verdict {
  const action = isNoemaError(error) ? rowOf(error.code)?.peer : undefined;
  if (!isNoemaError(error) || action === undefined) throw error;
  return { ok: false, code: error.code, action };
}
