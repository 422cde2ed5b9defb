import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Origin } from "./entry.ts";
import type { AddOutcome, Pool } from "./pool-interface.ts";

/** Pool.add by an `addAll`. */
export async function addOne(addAll: Pool["addAll"], raw: Bytes, origin: Origin): Promise<Hash> {
  const outcome = (await addAll([raw], origin))[0] as AddOutcome;
  if ("error" in outcome) throw outcome.error;
  return outcome.hash;
}
