/** Installed filters: bounded, and dropped when nobody asks for them. */
import type { Height } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import { rpcError } from "../../errors.ts";
import { randomId } from "../../ethereum/random-id.ts";
import type { LogQuery } from "./log-filter.ts";

const MAX_FILTERS = 1000;
const FILTER_EXPIRY_MS = 5 * 60_000; // geth's

export type Kind = { type: "logs"; query: LogQuery } | { type: "blocks" } | { type: "pending"; hashes: string[]; stop: () => void };
/** `readTo`: the height that its owner was told of last. */
export type Filter = Kind & { readTo: Height; usedMs: number };

export type FilterStore = {
  /** Its id. `create` is called once there is room. Throws RPC_LIMIT. */
  install(create: () => Kind): string;
  /** Throws RPC_FILTER_UNKNOWN. */
  use(id: string): Filter;
  /** Whether there was one. */
  remove(id: string): boolean;
  count(type?: Kind["type"]): number;
  close(): void;
};

export function createFilterStore(clock: Clock, latest: () => Height): FilterStore {
  const filters = new Map<string, Filter>();

  function remove(id: string): boolean {
    const filter = filters.get(id);
    if (filter?.type === "pending") filter.stop();
    return filters.delete(id);
  }

  function expire(): void {
    const oldest = clock.nowMs() - FILTER_EXPIRY_MS;
    for (const [id, filter] of filters) if (filter.usedMs < oldest) remove(id);
  }

  return {
    install(create) {
      expire();
      if (filters.size >= MAX_FILTERS)
        throw rpcError("RPC_LIMIT", `${filters.size} filters are installed, at most ${MAX_FILTERS}`, { limit: MAX_FILTERS });
      const id = randomId();
      filters.set(id, { ...create(), readTo: latest(), usedMs: clock.nowMs() });
      return id;
    },
    use(id) {
      expire();
      const filter = filters.get(id);
      if (filter === undefined) throw rpcError("RPC_FILTER_UNKNOWN", "filter not found");
      filter.usedMs = clock.nowMs();
      return filter;
    },
    remove,
    count(type) {
      expire();
      return type === undefined ? filters.size : [...filters.values()].filter((x) => x.type === type).length;
    },
    close() {
      for (const id of [...filters.keys()]) remove(id);
    },
  };
}
