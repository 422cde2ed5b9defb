/** Choices that a seed repeats: sha256 of the seed and a counter. */
import { bytesToBigInt, u32be } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";

export type Random = {
  /** An integer below n. */
  below(n: number): number;
  pick<T>(values: readonly T[]): T;
};

export function createRandom(seed: number): Random {
  let counter = 0;
  const below = (n: number) => Number(bytesToBigInt(sha256(u32be(seed), u32be(counter++)).subarray(0, 6)) % BigInt(n));
  return { below, pick: (values) => values[below(values.length)] as never };
}
