/**
 * What the pool held when a snapshot was taken, for the way back to it: as Hardhat has it, a revert takes back what came since, and what has
 * been included since waits again. In memory: after a restart, and where other validators have pools too, what is still valid stays.
 */
import { isNoemaError } from "@noema/core/errors";
import type { ExecutedBlock } from "../api.ts";
import type { Accounts } from "./accounts.ts";
import type { Admit } from "./admit.ts";
import type { Entry } from "./entry.ts";
import { errors } from "./errors.ts";
import type { Fate } from "./fates.ts";
import type { PoolJournal } from "./journal.ts";
import { type Ledger, removeEntry } from "./ledger.ts";

type Image = { entries: ReadonlyMap<string, Entry>; bytes: number };
type Told = Pick<ExecutedBlock, "taken" | "reverted">;

const MAX_IMAGES = 256;
/** Of all images together. */
const MAX_ENTRIES = 100_000;
const EMPTY: Image = { entries: new Map(), bytes: 0 };

export type Images = {
  /** The block is applied. Returns who came back into the pool, and is in no journal. */
  apply(told: Told): Entry[];
};

export type ImageDeps = {
  ledger: Ledger;
  journal: PoolJournal;
  accounts: Accounts;
  admit: Admit;
  onLeft(entry: Entry, fate: Fate): void;
  /** Of all images together. */
  imageBytes: number;
  /** Of snapshots too. */
  keeps: boolean;
};

export function createImages({ ledger, journal, accounts, admit, onLeft, imageBytes, keeps }: ImageDeps): Images {
  const images = new Map<number, Image>();
  let [entries, bytes] = [0, 0];

  function drop(id: number): void {
    const image = images.get(id) ?? EMPTY;
    entries -= image.entries.size;
    bytes -= image.bytes;
    images.delete(id);
  }

  function take(id: number): void {
    images.set(id, { entries: new Map(ledger.byHash), bytes: ledger.bytes });
    entries += ledger.byHash.size;
    bytes += ledger.bytes;
    for (const oldest of images.keys()) if (images.size > MAX_IMAGES || entries > MAX_ENTRIES || bytes > imageBytes) drop(oldest);
  }

  /** undefined: what is valid stays. */
  function imageOf({ to }: NonNullable<Told["reverted"]>): Image | undefined {
    if (to === "genesis") return EMPTY;
    return "snapshot" in to ? images.get(to.snapshot) : undefined;
  }

  function restore({ entries: image }: Image): Entry[] {
    for (const entry of [...ledger.byHash.values()]) {
      if (image.has(entry.key)) continue;
      removeEntry(ledger, entry);
      journal.forget(entry);
      onLeft(entry, { code: "POOL_REVERTED", message: errors.POOL_REVERTED.means });
    }
    return [...image.values()].filter((entry) => !ledger.byHash.has(entry.key)).flatMap((entry) => readmitted(entry) ?? []);
  }

  function readmitted(left: Entry): Entry | undefined {
    const entry: Entry = { ...left, state: "idle", markedMs: 0, position: undefined, skipped: undefined };
    const account = ledger.senders.get(entry.senderKey)?.account ?? accounts.get(entry.senderKey);
    try {
      if (account !== undefined) admit(entry, account);
      return account && entry;
    } catch (error) {
      if (isNoemaError(error)) return undefined;
      throw error;
    }
  }

  return {
    apply({ reverted, taken = [] }) {
      const image = reverted && imageOf(reverted);
      if (reverted !== undefined && typeof reverted.to === "object" && "snapshot" in reverted.to)
        for (const id of [...images.keys()]) if (id >= reverted.to.snapshot) drop(id);
      if (reverted?.to === "genesis") for (const id of [...images.keys()]) drop(id);
      const back = image === undefined ? [] : restore(image);
      if (keeps) for (const id of taken) take(id);
      return back;
    },
  };
}
