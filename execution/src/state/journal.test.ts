import { fromHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { AccountRecord } from "../records.ts";
import { EMPTY_ACCOUNT } from "./account.ts";
import { createJournal } from "./journal.ts";
import type { FlatState } from "./reader.ts";

const addresses = [1, 2, 3].map((n) => fromHex(n.toString(16).padStart(40, "0")));
const keys = [1, 2, 3].map((n) => fromHex(n.toString(16).padStart(64, "0")));
const storedRoot = new Uint8Array(32).fill(9);

type Model = { accounts: (bigint | undefined)[]; slots: number[][] };
const below = (): Model => ({
  accounts: [5n, undefined, 7n],
  slots: [
    [1, 0, 3],
    [0, 0, 0],
    [0, 2, 0],
  ],
});
const bytesOf = (n: number): Bytes => (n === 0 ? new Uint8Array(0) : Uint8Array.of(n));

function flat(): FlatState {
  const at = (address: Bytes) => (address[19] as number) - 1;
  return {
    account: (address) => {
      const balance = below().accounts[at(address)];
      return balance === undefined ? undefined : { ...EMPTY_ACCOUNT, balance, storageRoot: storedRoot };
    },
    slot: (address, key) => bytesOf((below().slots[at(address)] as number[])[(key[31] as number) - 1] as number),
    code: () => new Uint8Array(0),
  };
}

const index = fc.nat({ max: 2 });
const step = fc.oneof(
  fc.record({ do: fc.constant("account" as const), a: index, balance: fc.option(fc.nat({ max: 9 }), { nil: undefined }) }),
  fc.record({ do: fc.constant("slot" as const), a: index, k: index, value: fc.nat({ max: 4 }) }),
  fc.record({ do: fc.constant("clear" as const), a: index }),
  fc.record({ do: fc.constant("mark" as const), how: fc.constantFrom("checkpoint", "commit", "revert") }),
);

it("is a stack of copies, without copying", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const journal = createJournal(flat());
      let model = below();
      const saved: Model[] = [];
      for (const s of steps) {
        if (s.do === "mark" && s.how === "checkpoint") {
          journal.checkpoint();
          saved.push(structuredClone(model));
        } else if (s.do === "mark") {
          const before = saved.pop();
          if (before === undefined) continue;
          if (s.how === "revert") model = before;
          s.how === "commit" ? journal.commit() : journal.revert();
        } else if (s.do === "slot") {
          journal.setSlot(addresses[s.a] as Bytes, keys[s.k] as Bytes, bytesOf(s.value));
          (model.slots[s.a] as number[])[s.k] = s.value;
        } else if (s.do === "clear" || s.balance === undefined) {
          if (s.do === "clear") journal.clearStorage(addresses[s.a] as Bytes);
          else {
            journal.setAccount(addresses[s.a] as Bytes, undefined);
            model.accounts[s.a] = undefined;
          }
          model.slots[s.a] = [0, 0, 0];
        } else {
          const account: AccountRecord = { ...EMPTY_ACCOUNT, balance: BigInt(s.balance) };
          journal.setAccount(addresses[s.a] as Bytes, account);
          model.accounts[s.a] = BigInt(s.balance);
        }
      }
      const seen: Model = {
        accounts: addresses.map((a) => journal.account(a)?.balance),
        slots: addresses.map((a) => keys.map((k) => journal.slot(a, k)[0] ?? 0)),
      };
      expect(seen).toEqual(model);
      expect(applied(journal.diff())).toEqual({
        ...model,
        slots: model.slots.map((s, i) => (model.accounts[i] === undefined ? [0, 0, 0] : s)),
      });
    }),
    { numRuns: 500 },
  );
});

/** What the diff makes of the state below. */
function applied(diff: ReturnType<ReturnType<typeof createJournal>["diff"]>): Model {
  const model = below();
  for (const { address, after, cleared, slots } of diff.accounts) {
    const a = (address[19] as number) - 1;
    model.accounts[a] = after?.balance;
    if (cleared || after === null) model.slots[a] = [0, 0, 0];
    for (const { key, value } of slots) (model.slots[a] as number[])[(key[31] as number) - 1] = value[0] ?? 0;
  }
  // An account that never was has no slots that could count.
  model.slots[1] = model.accounts[1] === undefined ? [0, 0, 0] : (model.slots[1] as number[]);
  return model;
}
