/**
 * The pool while the disk has no room: it takes nothing in, as it could not keep what a client was promised. What was on its way when the room
 * ended is answered when it is durable.
 */
import { addOne } from "@noema/execution/pool/add-one";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { storeError } from "../store/errors.ts";
import type { Room } from "../store/room.ts";

export function roomyPool(pool: Pool, room: Pick<Room, "lack">): Pool {
  const addAll: Pool["addAll"] = async (raws, origin) => {
    const lack = room.lack();
    return lack === undefined ? pool.addAll(raws, origin) : raws.map(() => ({ error: storeError("DISK_FULL", lack) }));
  };
  return { ...pool, addAll, add: (raw, origin) => addOne(addAll, raw, origin) };
}
