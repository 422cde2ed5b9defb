/** From what went wrong to the fault that stops this node's votes. */
import { to0x } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { Divergence } from "./exec-watch.ts";
import type { Health } from "./health.ts";

/** Of the loop and of its effects: the disk's failures have the store's own code where it gives one, all others are the program's. */
export function failedIn(health: Health) {
  return (error: unknown) => {
    if (isNoemaError(error, "CONSENSUS_STORAGE_FAILED"))
      return health.fail("CONSENSUS_STORAGE_FAILED", isNoemaError(error.cause) ? error.cause : error);
    const name = isNoemaError(error) ? error.code : error instanceof Error ? error.name : typeof error;
    health.fail("CONSENSUS_ENGINE_FAILED", new Error(`the engine failed with ${name}: the log says where`), { error });
  };
}

export function reportTo(health: Health) {
  return (divergence: Divergence) => {
    const { height, headerHeight, own, notarized } = divergence;
    const message = `own result of height ${height} contradicts the header of height ${headerHeight}`;
    health.fail("EXEC_DIVERGED", new Error(message), { own: printable(own), notarized: printable(notarized) }, { height, divergence });
  };
}

function printable(result: Record<string, Hash | Height | bigint>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(result).map(([k, v]) => [k, v instanceof Uint8Array ? to0x(v) : typeof v === "bigint" ? `${v}` : v]),
  );
}
