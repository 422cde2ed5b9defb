/** Kind 4: which heights have a block. */
import type { Bytes } from "@noema/core/ports/bytes";
import { BooleanType, ContainerType, decodeSsz, UintBigintType } from "@noema/core/types/ssz";
import type { Journal } from "../state/journal.ts";
import { MAX_INTERVAL_MS } from "./control-limits.ts";
import { type Mining, readKept, writeKept } from "./controls.ts";
import { OUTCOME, type Outcome } from "./outcomes.ts";

const miningType = new ContainerType(
  { every: new BooleanType(), auto: new BooleanType(), intervalMs: new UintBigintType(8) },
  { typeName: "MiningOperation" },
);

export function encodeMining({ every, auto, intervalMs }: Mining): Bytes {
  return miningType.serialize({ every, auto, intervalMs: BigInt(intervalMs) });
}

export type SetMining = { every: boolean; auto: boolean; intervalMs: bigint };

/** Throws SSZ_INVALID. */
export function decodeMining(body: Bytes): SetMining {
  return decodeSsz(miningType, body);
}

export function applyMining(journal: Journal, { every, auto, intervalMs }: SetMining): Outcome {
  if (intervalMs > MAX_INTERVAL_MS) return OUTCOME.outOfRange;
  writeKept(journal, { ...readKept(journal), mining: { every, auto, intervalMs: Number(intervalMs) } });
  return OUTCOME.done;
}
