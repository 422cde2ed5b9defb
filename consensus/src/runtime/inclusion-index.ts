/**
 * Ids of the certificates that the last K finalized blocks include, so that the check for repeats is complete
 * (consensus.md 2.4). Rebuilt from the chain store at start.
 */
import { toHex } from "@noema/core/bytes";
import type { Height } from "@noema/core/ports/bytes";
import type { Block } from "../types.ts";

export type InclusionIndex = {
  /** A finalized block, in order of height. */
  add(block: Block): void;
  /** Whether the K ancestors of a block of `height` include the id: finalized ones, and those given, which are not final yet. */
  lookup(height: Height, unfinalized: readonly Block[]): (id: string) => boolean;
};

export function createInclusionIndex(window: number): InclusionIndex {
  const heightOf = new Map<string, Height>();
  const byHeight = new Map<Height, string[]>();
  return {
    add({ header, body }) {
      const ids = body.certs.map((cert) => toHex(cert.header.id));
      for (const id of ids) heightOf.set(id, header.height);
      if (ids.length > 0) byHeight.set(header.height, ids);
      const old = header.height - window;
      for (const id of byHeight.get(old) ?? []) if (heightOf.get(id) === old) heightOf.delete(id);
      byHeight.delete(old);
    },
    lookup(height, unfinalized) {
      const near = new Set(unfinalized.flatMap((block) => block.body.certs.map((cert) => toHex(cert.header.id))));
      return (id) => near.has(id) || (heightOf.get(id) ?? Number.NEGATIVE_INFINITY) >= height - window;
    },
  };
}
