/** Both stores of a node are read through in the background. Of RocksDB, which has checksums of its own, only `chain`. */
import { TABLES } from "@noema/consensus/store/tables";
import type { Clock } from "@noema/core/ports/clock";
import type { KvStore } from "@noema/core/ports/kv-store";
import { STATE_TABLES } from "@noema/execution/tables";
import type { Damage } from "../health/damage.ts";
import { openReader } from "../store/open-store.ts";
import { scrubStore } from "../store/scrub.ts";
import type { ExecutionThread } from "../threads/execution-face.ts";

export type ScrubsDeps = { chain: KvStore; execution: Pick<ExecutionThread, "forReaders">; damage: Damage; clock: Clock };

export async function scrubStores({ chain, execution, damage, clock }: ScrubsDeps): Promise<{ stop(): Promise<void> }> {
  const { state: place } = await execution.forReaders();
  const state = place && openReader(place);
  const scrubs = [
    scrubStore(chain, Object.values(TABLES), clock, (error) => damage.suspect("chain", error)),
    ...(state ? [scrubStore(state, STATE_TABLES, clock, (error) => damage.suspect("state", error))] : []),
  ];
  return {
    async stop() {
      for (const scrub of scrubs) scrub.stop();
      await state?.close();
    },
  };
}
