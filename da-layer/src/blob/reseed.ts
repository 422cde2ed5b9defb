/** A validator that was away when an object was dispersed lacks rows that its stake assigns to it: when it reads the object, or its scrub comes to it, it writes them. */
import type { Hash } from "@noema/core/ports/bytes";
import { indexOf } from "@noema/core/validator-index";
import { assignSlots } from "./assignment.ts";
import type { Catalog } from "./catalog.ts";
import type { BlobLaneDeps } from "./deps.ts";
import type { HeldRows } from "./held-rows.ts";
import type { BlobObject } from "./object.ts";

export type ReseedParts = {
  deps: Pick<BlobLaneDeps, "signer" | "validatorSetOf" | "epochSeed">;
  catalog: Catalog;
  held: HeldRows;
  /** Is called with each slot that this node should hold and does not. */
  onMissing(id: Hash, slot: number): void;
};

/** Returns how many rows are missing. Only of certified objects: nobody fills a disk by what no quorum took. */
export type Reseed = (id: Hash, object: BlobObject) => number;

export function createReseeding({ deps, catalog, held, onMissing }: ReseedParts): Reseed {
  return (id, object) => {
    const entry = catalog.entry(id);
    if (entry?.certAt === undefined) return 0;
    const { meta } = object;
    const set = deps.validatorSetOf(meta.epoch);
    const seed = deps.epochSeed(meta.epoch);
    const own = set && indexOf(set, deps.signer?.publicKey);
    if (set === undefined || seed === undefined || own === undefined) return 0;
    const range = assignSlots(set, meta.R, seed, meta.publisher, meta.nonce).ranges[own];
    if (range === undefined) return 0;
    const holds = new Set(held.slots(id));
    let missing = 0;
    for (let slot = range.from; slot < range.to; slot++) {
      if (holds.has(slot)) continue;
      if (entry.objectAt === undefined) catalog.addObject(object); // durable with the rows' record
      onMissing(id, slot);
      missing++;
    }
    return missing;
  };
}
