/** The controls of a development chain as the rest of the node sees them, with each height (ExecutedBlock.dev). */
import type { Genesis } from "@noema/core/genesis";
import type { Slots } from "./control-slots.ts";
import { type KeptControls, type Mining, type NextControls, readKept, readNext } from "./controls.ts";

export type DevView = NextControls & KeptControls & { mining: Mining };

/** undefined on a chain that is not for development. */
export function readDevView(slots: Slots, genesis: Genesis): DevView | undefined {
  if (!genesis.dev) return undefined;
  const kept = readKept(slots);
  return { ...readNext(slots), ...kept, mining: kept.mining ?? miningOf(genesis) };
}

/**
 * As genesis has it. Where that says nothing: where one validator makes blocks as things arrive, none is made without a transaction, as anvil
 * does not; elsewhere every height has one.
 */
function miningOf({ consensus, execution, validators }: Genesis): Mining {
  const { mining = consensus.instant === true && validators.length === 1 ? "auto" : "every" } = execution;
  return { every: mining === "every", auto: mining === "auto", intervalMs: 0 };
}
