import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Beacon } from "../engine/seed.ts";

/** What of a beacon stays the same within an epoch. */
export type Seeds = Omit<Beacon, "mix">;

/** seed ‖ nextSeed */
export function packSeeds({ seed, nextSeed }: Seeds): Bytes {
  return concatBytes(seed, nextSeed);
}

export function unpackSeeds(bytes: Bytes): Seeds {
  return { seed: bytes.slice(0, 32), nextSeed: bytes.slice(32, 64) };
}
