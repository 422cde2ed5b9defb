import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Beacon } from "../engine/seed.ts";

/** mix ‖ seed ‖ nextSeed */
export function encodeBeacon({ mix, seed, nextSeed }: Beacon): Bytes {
  return concatBytes(mix, seed, nextSeed);
}

export function decodeBeacon(bytes: Bytes): Beacon {
  return { mix: bytes.slice(0, 32), seed: bytes.slice(32, 64), nextSeed: bytes.slice(64, 96) };
}
