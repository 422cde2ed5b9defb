/**
 * The randomness beacon: mix_0 from genesisHash, mix_h = sha256(mix_{h-1} || reveal_h) over the finalized blocks. A reveal is a
 * unique signature, so a proposer can only withhold it with its block. The mix after the last block of epoch e gives the seed
 * of epoch e + 2; seeds of epochs 0 and 1 come from genesisHash. prevRandao of block h is mix_h.
 */
import { concatBytes, u64le, utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";

/** State after a block: seeds of the epoch that the next block belongs to and of the one after it. */
export type Beacon = { mix: Hash; seed: Hash; nextSeed: Hash };

export function genesisBeacon(genesisHash: Hash): Beacon {
  return { mix: sha256(utf8("noema/1/mix"), genesisHash), seed: epochSeed(genesisHash, 0), nextSeed: epochSeed(genesisHash, 1) };
}

/** After one finalized block; `lastOfEpoch` when its height is the epoch's last. */
export function advanceBeacon(beacon: Beacon, randaoReveal: Bytes, epoch: number, lastOfEpoch: boolean): Beacon {
  const mix = sha256(beacon.mix, randaoReveal);
  if (!lastOfEpoch) return { ...beacon, mix };
  return { mix, seed: beacon.nextSeed, nextSeed: epochSeed(mix, epoch + 2) };
}

function epochSeed(entropy: Hash, epoch: number): Hash {
  return sha256(concatBytes(utf8("noema/1/seed"), u64le(epoch)), entropy);
}
