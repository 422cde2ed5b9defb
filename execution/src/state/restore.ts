/**
 * An earlier state written again: what has changed since a height is set in a journal to what it was after it. For the chain that is a
 * change like any other, with history and proofs of its own. Its cost grows with what has changed, not with what there is.
 */
import type { Bytes } from "@noema/core/ports/bytes";
import { decodeSlim } from "./account.ts";
import { changedAbove, type Since } from "./changes.ts";
import type { Journal } from "./journal.ts";
import { idParts } from "./keys.ts";
import { requireAddress, requireSlotKey } from "./preimages.ts";

const NOTHING = new Uint8Array(0);

/** `journal`: over the state of `at.head`, unchanged. `isKept`: accounts that stay as they are. Throws STATE_CORRUPT where a preimage is missing. */
export function restoreState(journal: Journal, at: Since, isKept: (address: Bytes) => boolean): void {
  const slots: { address: Bytes; hash: Bytes; before: Bytes }[] = [];
  for (const { id, before } of changedAbove(at)) {
    const { owner, hash } = idParts(id);
    if (owner !== undefined) {
      if (!isKept(owner)) slots.push({ address: owner, hash, before: before ?? NOTHING });
      continue;
    }
    const address = requireAddress(at.snapshot, hash);
    if (!isKept(address)) journal.setAccount(address, before && decodeSlim(before));
  }
  // An account that is made anew is made before its slots are, and one that goes takes them with it.
  for (const { address, hash, before } of slots) {
    if (journal.account(address) === undefined) continue;
    journal.setSlot(address, requireSlotKey(at.snapshot, hash), before);
  }
}
