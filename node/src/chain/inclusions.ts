/** What the data lanes hear of the certificates that blocks include. */
import { INCLUSION_WINDOW } from "@noema/core/chain-limits";
import type { Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert, PayloadLane } from "@noema/core/ports/data";
import { isPayload } from "./block-input.ts";

export type InclusionListeners = { payload: Pick<PayloadLane, "included">; blobs: Pick<PayloadLane, "included"> };

export function tellIncluded({ payload, blobs }: InclusionListeners, certs: readonly AvailabilityCert[], height: Height): void {
  payload.included(certs.filter(isPayload), height);
  blobs.included(
    certs.filter(({ kind }) => kind === "blob"),
    height,
  );
}

/**
 * Tells again what executed blocks include: a lane's own record of it is not synced before the next one is told, so a crash loses
 * it, and no block executes twice. Older certificates can no longer be included.
 */
export function retellIncluded(
  lanes: InclusionListeners,
  block: (height: Height) => { body: { certs: readonly AvailabilityCert[] } } | undefined,
  executed: Height,
): void {
  for (let height = Math.max(1, executed - INCLUSION_WINDOW + 1); height <= executed; height++) {
    const certs = block(height)?.body.certs ?? [];
    if (certs.length > 0) tellIncluded(lanes, certs, height);
  }
}
