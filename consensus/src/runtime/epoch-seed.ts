import type { Hash } from "@noema/core/ports/bytes";
import { genesisBeacon } from "../engine/seed.ts";
import type { ChainStore } from "../store/chain-store.ts";

/** The beacon after an epoch's base (its height is epoch * length) holds the seeds of that epoch and of the next. */
export function seedOf(store: ChainStore, epochLength: number, genesisHash: Hash, epoch: number): Hash | undefined {
  const after = (base: number) => (base === 0 ? genesisBeacon(genesisHash) : store.beacon(base * epochLength));
  return after(epoch)?.seed ?? (epoch > 0 ? after(epoch - 1)?.nextSeed : undefined);
}
