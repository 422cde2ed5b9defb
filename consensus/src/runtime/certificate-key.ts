import { toHex } from "@noema/core/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import { availabilityHeaderHash } from "@noema/core/types/availability";

/**
 * What makes a certificate a repeat: the header that was signed, with its publisher and seq. Not the id of the data alone: a batch
 * whose transactions were skipped, for a nonce before theirs was missing, is published again with the same bytes.
 */
export function certificateKey(cert: AvailabilityCert): string {
  return `${cert.kind} ${toHex(availabilityHeaderHash(cert.header))}`;
}
