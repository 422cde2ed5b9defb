/** Where an operation is applied, and what it gives. */
import type { BlockNumber, Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { Journal } from "../state/journal.ts";
import type { Moment } from "./moment.ts";
import type { Outcome } from "./outcomes.ts";
import type { Staging } from "./staging.ts";

/** What the chain is before the height, and has been: asked by operations that replace it or go back to it. */
export type Past = {
  /** Addresses of all. */
  accounts(): Iterable<Bytes>;
  /** Of one account: all that are not zero, without leading zeros. */
  slots(address: Bytes): Iterable<{ key: Hash; value: Bytes }>;
  /** The oldest height whose state is kept. */
  oldest: Height;
  /** After a height that is kept. */
  numberAfter(height: Height): BlockNumber;
  /** The last height before the block that follows a number's; undefined: the chain has no such block. */
  heightOf(number: BlockNumber): Height | undefined;
  /** `journal` becomes the state after a height, but for the accounts that are kept. */
  restore(journal: Journal, height: Height, isKept: (address: Bytes) => boolean): void;
};

export type Place = Moment & {
  /** No operation of this height has come before. */
  isFirst: boolean;
  past: Past;
  /** Of the operation. */
  id: Hash;
  staging: Staging;
};

/** What a height makes: a whole block of these transactions first, and `quiet` ones `interval` seconds apart. */
export type Blocks = { quiet: number; interval: bigint; txs: Bytes[] };

/** `value`: what its client is told. What ends its height: `backTo`, the block that is the newest again; `blocks`, what it makes; `bare`: it makes none. */
export type Effect = { outcome: Outcome; value?: number; backTo?: BlockNumber; blocks?: Blocks; bare?: true };
