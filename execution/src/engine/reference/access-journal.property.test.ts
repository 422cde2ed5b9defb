/** Against a model that copies everything at each checkpoint. */
import { Account, Address } from "@ethereumjs/util";
import { toHex } from "@noema/core/bytes";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createJournal } from "../../state/journal.ts";
import { createAccessJournal } from "./access-journal.ts";
import { createStateManager } from "./state-manager.ts";

const address = (i: number) => new Uint8Array(20).fill(i);
const slot = (i: number) => new Uint8Array(32).fill(i);
const COUNT = 4;

type Model = { addresses: Set<number>; slots: Set<string>; touched: Set<number> };
const copy = (m: Model): Model => ({ addresses: new Set(m.addresses), slots: new Set(m.slots), touched: new Set(m.touched) });

const op = fc.oneof(
  fc.record({ kind: fc.constantFrom("address" as const, "put" as const), i: fc.nat(COUNT - 1) }),
  fc.record({ kind: fc.constant("slot" as const), i: fc.nat(COUNT - 1), j: fc.nat(2) }),
  fc.record({ kind: fc.constantFrom("checkpoint" as const, "commit" as const, "revert" as const) }),
);

it("warms, touches and takes back as a journal that copies", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(op, { maxLength: 60 }), async (ops) => {
      const state = createStateManager();
      state.use(createJournal({ account: () => undefined, slot: () => new Uint8Array(0), code: () => new Uint8Array(0) }));
      const journal = createAccessJournal(state);
      let model: Model = { addresses: new Set(), slots: new Set(), touched: new Set() };
      const before: Model[] = [];
      for (const step of ops) {
        if (step.kind === "checkpoint") {
          before.push(copy(model));
          await journal.checkpoint();
        } else if (step.kind === "commit" && before.length > 0) {
          before.pop();
          await journal.commit();
        } else if (step.kind === "revert" && before.length > 0) {
          model = before.pop() as Model;
          await journal.revert();
        } else if (step.kind === "address") {
          expect(journal.warm(toHex(address(step.i)))).toBe(model.addresses.has(step.i));
          model.addresses.add(step.i);
        } else if (step.kind === "put") {
          model.touched.add(step.i);
          await journal.putAccount(new Address(address(step.i)), new Account(0n, 0n));
        } else if (step.kind === "slot") {
          model.addresses.add(step.i);
          model.slots.add(`${step.i} ${step.j}`);
          journal.addWarmedStorage(address(step.i), slot(step.j));
        }
        for (let i = 0; i < COUNT; i++) {
          expect(journal.isWarmedAddress(address(i))).toBe(model.addresses.has(i));
          for (let j = 0; j < 3; j++) expect(journal.isWarmedStorage(address(i), slot(j))).toBe(model.slots.has(`${i} ${j}`));
          expect((await state.getAccount(new Address(address(i)))) !== undefined).toBe(model.touched.has(i));
        }
      }
      // EIP-161: what was touched and is empty goes.
      await journal.cleanup();
      for (let i = 0; i < COUNT; i++) expect(await state.getAccount(new Address(address(i)))).toBeUndefined();
    }),
  );
});
