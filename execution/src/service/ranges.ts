/** What the state of a number holds beside what is asked for by name, and what changed between two numbers. */
import { bytesToBigInt, equalBytes } from "@noema/core/bytes";
import type { BlockNumber, Bytes, Hash } from "@noema/core/ports/bytes";
import type { SlotRange } from "../api.ts";
import { execError } from "../errors.ts";
import { changedAbove } from "../state/changes.ts";
import { requireAddress, requireSlotKey } from "../state/preimages.ts";
import { slotsFrom } from "../state/ranges.ts";
import { valueAt } from "../state/reader.ts";
import { CODE } from "../tables.ts";
import type { Reading } from "./context.ts";
import { heightOf, stateAt, withSnapshot } from "./view.ts";

export function createRanges(context: Reading) {
  return {
    codeOf: (hash: Hash): Promise<Bytes | undefined> => withSnapshot(context, ({ snapshot }) => snapshot.get(CODE, hash)?.slice()),

    storageRange: (number: BlockNumber, address: Bytes, from: Hash, limit: number): Promise<SlotRange> =>
      withSnapshot(context, (view) => {
        const { snapshot, height, head } = stateAt(view, heightOf(view, number));
        const slots: SlotRange["slots"] = [];
        for (const { hash, value } of slotsFrom({ snapshot, height, head, goOn: context.goOn }, address, from)) {
          if (slots.length === limit) return { slots, next: hash.slice() };
          slots.push({ hash: hash.slice(), key: requireSlotKey(snapshot, hash), value: bytesToBigInt(value) });
        }
        return { slots };
      }),

    changedBetween: (from: BlockNumber, to: BlockNumber, limit: number): Promise<Bytes[]> =>
      withSnapshot(context, (view) => {
        const { snapshot, head } = view;
        const [height, until] = [stateAt(view, heightOf(view, from)).height, heightOf(view, to)];
        const found: Bytes[] = [];
        for (const { id, before } of changedAbove({ snapshot, height, head: until, goOn: context.goOn })) {
          if (id[0] !== 0 || isSame(before, valueAt(snapshot, id, until, head))) continue;
          if (found.length === limit) throw execError("LIMIT_EXCEEDED", `more than ${limit} accounts changed`, { limit });
          found.push(requireAddress(snapshot, id.subarray(1)));
        }
        return found;
      }),
  };
}

function isSame(a: Bytes | undefined, b: Bytes | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a, b);
}
