import type { Logger } from "@noema/core/ports/logger";
import { standingFaults } from "./fault-file.ts";
import { createGate, type Gate, REMEDY } from "./gate.ts";

/** Closed from the start where an earlier run wrote down why. */
export function openGate(datadir: string, logger: Logger): Gate {
  const [first] = standingFaults(datadir);
  if (first !== undefined) {
    const { path, closed } = first;
    const fields = { ...closed, file: path, remedy: REMEDY[closed.code] };
    logger.log("error", "an earlier run ended in doubt: this node neither votes nor answers state or sends", fields);
  }
  return createGate(first?.closed);
}
