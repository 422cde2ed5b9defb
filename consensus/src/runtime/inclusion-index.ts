/**
 * Keys of the certificates that the last K finalized blocks include, so that the check for repeats is complete
 * (consensus.md 2.4). Rebuilt from the chain store at start.
 */
import type { Height } from "@noema/core/ports/bytes";
import type { Block } from "../types.ts";
import { certificateKey } from "./certificate-key.ts";

export type InclusionIndex = {
  /** A finalized block, in order of height. */
  add(block: Block): void;
  /** Whether the K ancestors of a block of `height` include the certificate: finalized ones, and those given, which are not final yet. */
  lookup(height: Height, unfinalized: readonly Block[]): (key: string) => boolean;
};

export function createInclusionIndex(window: number): InclusionIndex {
  const heightOf = new Map<string, Height>();
  const byHeight = new Map<Height, string[]>();
  return {
    add({ header, body }) {
      const keys = body.certs.map(certificateKey);
      for (const key of keys) heightOf.set(key, header.height);
      if (keys.length > 0) byHeight.set(header.height, keys);
      const old = header.height - window;
      for (const key of byHeight.get(old) ?? []) if (heightOf.get(key) === old) heightOf.delete(key);
      byHeight.delete(old);
    },
    lookup(height, unfinalized) {
      const near = new Set(unfinalized.flatMap((block) => block.body.certs.map(certificateKey)));
      return (key) => near.has(key) || (heightOf.get(key) ?? Number.NEGATIVE_INFINITY) >= height - window;
    },
  };
}
