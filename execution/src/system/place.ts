/** Where an operation is applied, and what it gives. */
import type { BlockNumber, Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { Journal } from "../state/journal.ts";
import type { Moment } from "./moment.ts";
import type { Outcome } from "./outcomes.ts";
import type { Staging } from "./staging.ts";

/** What has been of the chain: asked by operations that go back to it. */
export type Past = {
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

/** `value`: what its client is told. `backTo`: the block that is the newest again. `blocks`: what its height makes. */
export type Effect = { outcome: Outcome; value?: number; backTo?: BlockNumber; blocks?: Blocks };
