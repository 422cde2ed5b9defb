/** Quorum signatures of availability certificates, each checked once: leader, validators and re-proposals meet the same ones. */
import { createBoundedSet } from "@noema/core/bounded";
import { toHex } from "@noema/core/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import type { CertificateScheme, ValidatorSet } from "@noema/core/ports/signing";
import { availabilityBody, availabilityCertType, toSszCert } from "@noema/core/types/availability";

/** Certificates remembered as good: several full blocks. */
const REMEMBERED = 1024;

export type AvailabilityChecks = (cert: AvailabilityCert) => Promise<boolean>;

export function createAvailabilityChecks(
  scheme: CertificateScheme,
  setOf: (epoch: number) => ValidatorSet | undefined,
): AvailabilityChecks {
  const good = createBoundedSet<string>(REMEMBERED);
  return async (cert) => {
    // The root covers bitmap and signature too: another signature over the same header is another certificate.
    const key = toHex(availabilityCertType.hashTreeRoot(toSszCert(cert)));
    if (good.has(key)) return true;
    const set = setOf(cert.header.epoch);
    if (set === undefined || cert.header.publisher >= set.members.length) return false;
    if (!(await scheme.verify(set, cert.kind, availabilityBody(cert.header), cert.certificate))) return false;
    good.add(key);
    return true;
  };
}
