/** Where a chain's models come from: genesis (../genesis-models.ts); a contract of the chain can be another. */
import type { Bytes, Hash, Height } from "@noema/core/bytes";
import type { BlockView } from "@noema/core/ports/precompiles";
import type { LoadedModel } from "../model/load.ts";

/** Of the file with this id, which its header alone gives: every node has them, whether it holds the weights or not. */
export type ModelSizes = Pick<LoadedModel, "macs" | "units" | "inputBytes" | "outputBytes" | "weightBytes">;

export interface ModelRecord {
  id: Hash;
  /** First height at which it can be called. */
  activationBlock: Height;
  /** 20 bytes. */
  owner: Bytes;
  /** Wei that a call pays to the owner; calls cannot pay yet, so it is 0 in this version. */
  royalty: bigint;
  sizes: ModelSizes;
}

export interface ModelSource {
  /** All that are registered in this view, active or not: a function of the view. The same array while they are the same. */
  models(view: BlockView): readonly ModelRecord[];
  /** Undefined while they are not on this machine. */
  weights(id: Hash): LoadedModel | undefined;
}
