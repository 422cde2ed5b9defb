import type { Genesis } from "@noema/core/genesis";
import type { BlockInput } from "../api.ts";

/**
 * Whether a height makes no EVM block. Where one validator makes blocks as things arrive, none is made for operations alone, as anvil
 * does not; any other height has one.
 */
export function isBare({ dev, consensus, validators }: Genesis, { system, txs }: Pick<BlockInput, "system" | "txs">): boolean {
  return dev && consensus.instant === true && validators.length === 1 && system.length > 0 && txs.length === 0;
}
