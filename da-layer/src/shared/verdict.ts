/** What a typed error means for the peer that caused it. */
import { isNoemaError } from "@noema/core/errors";
import type { PeerAction, Verdict } from "@noema/core/ports/network";

const ACTIONS: Readonly<Record<string, PeerAction>> = {
  SSZ_INVALID: "disconnect",
  DA_FRAME_INVALID: "disconnect",
  DA_BATCH_INVALID: "disconnect",
  DA_CERT_INVALID: "disconnect",
  DA_EQUIVOCATION: "reject",
  DA_QUOTA: "ignore",
  DA_BATCH_STALE: "ignore",
  DA_LOG_LOST: "ignore",
};

export const OK: Verdict = { ok: true };

/** Rethrows what is not a peer's fault. */
export function verdictOf(error: unknown): Verdict {
  if (isNoemaError(error) && ACTIONS[error.code] !== undefined) return { ok: false, code: error.code, action: ACTIONS[error.code]! };
  throw error;
}
