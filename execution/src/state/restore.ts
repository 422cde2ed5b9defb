/**
 * An earlier state written again: what has changed since a height is set in a journal to what it was after it. For the chain that is a
 * change like any other, with history and proofs of its own. Its cost grows with what has changed, not with what there is.
 */
import type { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { execError } from "../errors.ts";
import { decodeSlim } from "./account.ts";
import { type Change, changedAbove, type Since } from "./changes.ts";
import type { Journal } from "./journal.ts";
import { idParts } from "./keys.ts";
import { addressOf, slotKeyOf } from "./preimages.ts";

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
    const address = addressOf(at.snapshot, hash);
    if (address === undefined) throw noPreimage({ id, before });
    if (!isKept(address)) journal.setAccount(address, before && decodeSlim(before));
  }
  // An account that is made anew is made before its slots are, and one that goes takes them with it.
  for (const { address, hash, before } of slots) {
    if (journal.account(address) === undefined) continue;
    const key = slotKeyOf(at.snapshot, hash);
    if (key === undefined) throw noPreimage({ id: hash, before });
    journal.setSlot(address, key, before);
  }
}

function noPreimage({ id }: Change): NoemaError {
  return execError("STATE_CORRUPT", `nothing says whose hash ${Buffer.from(id).toString("hex")} is`);
}
