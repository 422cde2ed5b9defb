/** Blob certificates: learned from publishers and peers, offered to consensus until they are included. */
import { to0x } from "@noema/core/bytes";
import { INCLUSION_WINDOW } from "@noema/core/chain-limits";
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert, CertificateLane } from "@noema/core/ports/data";
import { availabilityBody } from "@noema/core/types/availability";
import { daError } from "../errors.ts";
import { createCertPool, headerKey } from "../shared/cert-pool.ts";
import { isExpired, isIncludable, signableSet } from "../shared/epochs.ts";
import type { Catalog } from "./catalog.ts";
import type { BlobLaneDeps } from "./deps.ts";

export type BlobCertPool = CertificateLane & {
  /** From a peer: verified; throws DA_CERT_INVALID, DA_BATCH_STALE. */
  accept(cert: AvailabilityCert): Promise<void>;
  /** Own, or verified. */
  learn(cert: AvailabilityCert): void;
  waiting(): AvailabilityCert[];
  /** What became of a certificate; no height: it can no longer be included. */
  onOutcome(f: (id: Hash, height: Height | undefined) => void): void;
};

export function createBlobCertPool(deps: BlobLaneDeps, catalog: Catalog): BlobCertPool {
  const pool = createCertPool();
  const listeners: (() => void)[] = [];
  const outcomeListeners: ((id: Hash, height: Height | undefined) => void)[] = [];
  for (const [key, height] of catalog.replayed.included) pool.include(key, height);
  for (const cert of catalog.replayed.certs) if (!isExpired(cert.header, deps)) pool.add(headerKey(cert.header), cert);

  function learn(cert: AvailabilityCert): void {
    const key = headerKey(cert.header);
    if (pool.knows(key)) return;
    pool.add(key, cert);
    catalog.addCert(cert);
    for (const listener of listeners) listener();
  }
  return {
    learn,
    waiting: () => [...pool.waiting()].map(([, cert]) => cert),
    onAvailable: (f) => void listeners.push(f),
    onOutcome: (f) => void outcomeListeners.push(f),
    async accept(cert) {
      if (cert.kind !== "blob") throw daError("DA_CERT_INVALID", `a certificate of kind ${cert.kind} on the blob lane`);
      if (pool.knows(headerKey(cert.header))) return;
      const set = signableSet(cert.header, deps);
      if (!(await deps.scheme.verify(set, "blob", availabilityBody(cert.header), cert.certificate)))
        throw daError("DA_CERT_INVALID", `blob certificate of ${to0x(cert.header.id)}`);
      learn(cert);
    },
    available(limit) {
      const out: AvailabilityCert[] = [];
      for (const [, cert] of pool.waiting()) {
        if (out.length >= limit) break;
        if (isIncludable(cert.header, deps)) out.push(cert);
      }
      return out;
    },
    included(certs, height) {
      for (const cert of certs) {
        if (cert.kind !== "blob" || pool.isIncluded(headerKey(cert.header))) continue;
        if (catalog.entry(cert.header.id)?.certAt === undefined) catalog.addCert(cert);
        pool.include(headerKey(cert.header), height);
        catalog.addIncluded(cert.header, height);
        for (const listener of outcomeListeners) listener(cert.header.id, height);
        catalog.sync().catch((error) => deps.logger.log("error", "storing an inclusion failed", { error: String(error) }));
      }
      for (const [key, cert] of [...pool.waiting()]) {
        if (!isExpired(cert.header, deps)) continue;
        pool.drop(key);
        for (const listener of outcomeListeners) listener(cert.header.id, undefined);
      }
      pool.forgetIncluded(height - INCLUSION_WINDOW);
    },
  };
}
