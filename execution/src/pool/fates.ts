/** Why transactions left the pool without a block, the newest of them by hash: whoever was promised something can ask. */
import type { Hash } from "@noema/core/ports/bytes";

/** `code`: POOL_*, SKIP_* or TX_*. `replacedBy`: what took its place. */
export type Fate = { code: string; message: string; replacedBy?: Hash };

/** Some 5 MB. */
const KEPT = 16_384;

/** By hex of the hash. */
export type Fates = {
  tell(key: string, fate: Fate): void;
  /** It is in the pool again. */
  forget(key: string): void;
  of(key: string): Fate | undefined;
};

export function createFates(kept = KEPT): Fates {
  const fates = new Map<string, Fate>(); // oldest first
  return {
    tell(key, fate) {
      fates.delete(key);
      fates.set(key, fate);
      if (fates.size > kept) fates.delete(fates.keys().next().value as string);
    },
    forget: (key) => void fates.delete(key),
    of: (key) => fates.get(key),
  };
}
