/** Certificates seen and not yet included, oldest first, and those that were included lately. */
import { toHex } from "@noema/core/bytes";
import type { Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert, AvailabilityHeader } from "@noema/core/ports/data";
import { availabilityHeaderHash } from "@noema/core/types/availability";

export function headerKey(header: AvailabilityHeader): string {
  return toHex(availabilityHeaderHash(header));
}

export type CertPool = {
  /** Waiting or included. */
  knows(key: string): boolean;
  add(key: string, cert: AvailabilityCert): void;
  /** Takes it out of the waiting ones and remembers the height. */
  include(key: string, height: Height): void;
  waiting(): IterableIterator<[key: string, cert: AvailabilityCert]>;
  drop(key: string): void;
  isIncluded(key: string): boolean;
  /** Forgets inclusions at or below `height`: their certificates can no longer be included. */
  forgetIncluded(height: Height): void;
  size(): number;
};

export function createCertPool(): CertPool {
  const waiting = new Map<string, AvailabilityCert>();
  const included = new Map<string, Height>();
  return {
    knows: (key) => waiting.has(key) || included.has(key),
    add(key, cert) {
      if (!included.has(key)) waiting.set(key, cert);
    },
    include(key, height) {
      waiting.delete(key);
      included.set(key, height);
    },
    waiting: () => waiting.entries(),
    drop(key) {
      waiting.delete(key);
    },
    isIncluded: (key) => included.has(key),
    forgetIncluded(height) {
      for (const [key, at] of included) {
        if (at > height) break; // insertion order is height order
        included.delete(key);
      }
    },
    size: () => waiting.size,
  };
}
