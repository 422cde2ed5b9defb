/** Every account and slot that a message looked at, as it was before and as it is after. */
import { bytesToBigInt, to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { MessageTracer, TraceStart } from "../engine/trace.ts";
import type { Fork } from "../rules/forks.ts";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import type { FlatState } from "../state/reader.ts";
import type { Budget } from "./budget.ts";
import { type Touched, touchByStep, touchNamed } from "./touched-accounts.ts";

export type AccountState = { nonce: bigint; balance: bigint; codeHash: Hash; code: Bytes; slots: Map<string, bigint> };
export type SeenAccount = { before: AccountState /** Absent before the end. */; after?: AccountState; deleted: boolean };
export type StateChanges = MessageTracer & {
  /** By address, 0x and hex; slots by key, the same. */
  accounts: ReadonlyMap<string, SeenAccount>;
};

/** About what the JSON of an account has beside its code, and of a slot. */
const ACCOUNT_CHARACTERS = 250;
const SLOT_CHARACTERS = 140;

export type StateChangesOptions = { fork: Fork; budget: Budget; codes: boolean; slots: boolean };

export function createStateChanges(start: TraceStart, { fork, budget, codes, slots }: StateChangesOptions): StateChanges {
  const { state } = start;
  const accounts = new Map<string, SeenAccount>();
  const created = new Set<string>();
  const touched: Touched = {
    account(address) {
      const id = to0x(address);
      if (accounts.has(id)) return;
      const before = accountState(state, address, codes);
      budget.spend(ACCOUNT_CHARACTERS + 2 * before.code.length);
      accounts.set(id, { before, deleted: false });
    },
    slot(address, key) {
      const seen = slots ? accounts.get(to0x(address))?.before.slots : undefined;
      const id = to0x(key);
      if (seen === undefined || seen.has(id)) return;
      budget.spend(SLOT_CHARACTERS);
      seen.set(id, bytesToBigInt(state.slot(address, key)));
    },
    created: (address) => void created.add(to0x(address)),
    destroyed(address) {
      const id = to0x(address);
      const seen = accounts.get(id);
      if (seen !== undefined && (!fork.eips.has(6780) || created.has(id))) seen.deleted = true;
    },
  };
  touchNamed(start, fork, touched);
  return {
    accounts,
    step: (step) => touchByStep(step, start, fork, touched),
    end() {
      for (const [id, seen] of accounts) {
        const address = new Uint8Array(Buffer.from(id.slice(2), "hex"));
        const after = accountState(state, address, codes);
        budget.spend(ACCOUNT_CHARACTERS + 2 * after.code.length + SLOT_CHARACTERS * seen.before.slots.size);
        for (const key of seen.before.slots.keys())
          after.slots.set(key, bytesToBigInt(state.slot(address, new Uint8Array(Buffer.from(key.slice(2), "hex")))));
        seen.after = after;
      }
    },
  };
}

function accountState(state: FlatState, address: Bytes, codes: boolean): AccountState {
  const { nonce, balance, codeHash } = state.account(address) ?? EMPTY_ACCOUNT;
  return { nonce, balance, codeHash, code: codes ? state.code(codeHash) : new Uint8Array(0), slots: new Map() };
}
