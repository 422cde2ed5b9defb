import { EMPTY_ACCOUNT } from "./account.ts";
import type { StateDiff } from "./diff.ts";
import type { Journal } from "./journal.ts";

/** What was changed over the same state, once more. */
export function applyDiff(journal: Journal, diff: StateDiff): void {
  for (const { code } of diff.codes) journal.addCode(code);
  for (const { address, after, cleared, slots } of diff.accounts) {
    if (cleared) journal.clearStorage(address);
    journal.setAccount(address, after === null ? undefined : { ...(journal.account(address) ?? EMPTY_ACCOUNT), ...after });
    for (const { key, value } of slots) journal.setSlot(address, key, value);
  }
}
