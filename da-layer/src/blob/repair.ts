/** Own rows that were lost are rebuilt from others' and written anew, one object at a time, in the background until it is done or expired. */
import { fromHex, toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { delay } from "../shared/requests.ts";
import type { BlobLaneDeps } from "./deps.ts";
import type { DiskRoom } from "./disk-room.ts";
import type { HeldRows } from "./held-rows.ts";
import type { BlobObject } from "./object.ts";
import { rowRecordBytes } from "./row-record.ts";

/** The readers who found the loss go first. */
const FIRST_MS = 1000;
const LONGEST_MS = 600_000;

export type RepairParts = {
  deps: Pick<BlobLaneDeps, "clock" | "logger" | "worker">;
  held: HeldRows;
  disk: DiskRoom;
  findObject(id: Hash, signal: AbortSignal): Promise<BlobObject | undefined>;
  /** Any R good rows. */
  gather(object: BlobObject, id: Hash): Promise<ReadonlyMap<number, Bytes>>;
  signal: AbortSignal;
};

/** What it returns is called with each lost row. */
export function createRepair({ deps, held, disk, findObject, gather, signal }: RepairParts): (id: Hash, slot: number) => void {
  const lost = new Map<string, Set<number>>();
  let running = false;

  /** True: nothing of it is to be done any more. Throws DA_EXPIRED, DA_DISK_FULL, and what gathering and writing throw. */
  async function repaired(id: Hash, slots: Set<number>): Promise<boolean> {
    const object = await findObject(id, signal);
    if (object === undefined) return false;
    const wanted = [...slots];
    await disk.look();
    disk.check(wanted.length * rowRecordBytes(object.meta.N));
    const good = await gather(object, id);
    await held.write(id, object, await deps.worker.rebuild(object, [...good].slice(0, object.meta.R), wanted));
    for (const slot of wanted) slots.delete(slot);
    deps.logger.log("info", "lost rows were rebuilt and written anew", { object: toHex(id), slots: wanted });
    return slots.size === 0;
  }

  async function run(): Promise<void> {
    for (let pause = FIRST_MS; lost.size > 0; pause = Math.min(2 * pause, LONGEST_MS)) {
      await delay(deps.clock, pause, signal);
      for (const [key, slots] of [...lost])
        try {
          if (!(await repaired(fromHex(key), slots))) continue;
          lost.delete(key);
          pause = FIRST_MS;
        } catch (error) {
          signal.throwIfAborted();
          if (isNoemaError(error, "DA_EXPIRED")) {
            lost.delete(key);
            continue;
          }
          deps.logger.log("warn", "lost rows could not be rebuilt yet", { object: key, error });
        }
    }
  }

  return (id, slot) => {
    const key = toHex(id);
    lost.set(key, (lost.get(key) ?? new Set()).add(slot));
    if (running) return;
    running = true;
    run()
      .catch(() => {}) // the lane stops
      .finally(() => {
        running = false;
      });
  };
}
