/** Bytes and numbers for inputs of precompiles: mostly valid, with the faults that a rule names. */
import { bigIntToBytes, bytesToBigInt, concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";

export const word = (value: bigint | number): Bytes => bigIntToBytes(BigInt(value), 32);

export function pick<T>(random: SeededRandom, of: readonly T[]): T {
  return of[random.integer(of.length)] as T;
}

/** A number of 32 bytes: any, or one at an edge of [0, order). */
export function scalar(random: SeededRandom, order: bigint): Bytes {
  if (random.chance(0.6)) return random.bytes(32);
  const edges = [0n, 1n, 2n, 3n, order - 1n, order, order + 1n, order >> 1n, (order >> 1n) + 1n, 2n * order, (1n << 256n) - 1n, 1n << 128n];
  return word(pick(random, edges) & ((1n << 256n) - 1n));
}

/** An element of a field, or what is not below its modulus, in `length` bytes. */
export function element(random: SeededRandom, modulus: bigint, length: number): Bytes {
  const edges = [0n, 1n, modulus - 1n, modulus, modulus + 1n, (1n << BigInt(8 * length)) - 1n];
  const value = random.chance(0.7) ? bytesToBigInt(random.bytes(length)) % modulus : pick(random, edges);
  return bigIntToBytes(value, length);
}

/** What an attacker does to good input: a bit, a byte, an end. */
export function spoiled(random: SeededRandom, data: Bytes): Bytes {
  const out = data.slice();
  switch (random.integer(6)) {
    case 0:
      return out.subarray(0, random.integer(out.length + 1));
    case 1:
      return concatBytes(out, random.bytes(1 + random.integer(40)));
    case 2:
      return new Uint8Array(random.integer(out.length + 1));
    case 3:
      if (out.length > 0) out.fill(255, random.integer(out.length));
      return out;
    default:
      if (out.length > 0) out[random.integer(out.length)]! ^= 1 << random.integer(8);
      return out;
  }
}
