import type { KvStore } from "@noema/core/ports/kv-store";
import type { Room } from "./room.ts";

/** A write is one transaction: one that found no room has left nothing. */
export function roomyStore(store: KvStore, room: Room): KvStore {
  return { ...store, write: (ops, durable) => room.write(() => store.write(ops, durable)) };
}
