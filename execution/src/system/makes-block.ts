import type { DevView } from "./dev-view.ts";
import type { Blocks } from "./place.ts";

/** Whether a height makes a block: on a chain that is not for development each does. `blocks`: what its operations ask for. */
export function makesBlock(dev: DevView | undefined, blocks: Blocks | undefined, txs: readonly unknown[]): boolean {
  return dev === undefined || blocks !== undefined || dev.mining.every || (dev.mining.auto && txs.length > 0);
}
