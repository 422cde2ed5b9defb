/** A state with some accounts replaced, and a block with some fields replaced, for questions. */
import { bytesToBigInt, fromHex, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { BlockOverride, StateOverride } from "../api.ts";
import { rlpInt } from "../rlp/encode.ts";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import type { Journal } from "../state/journal.ts";
import type { FlatState } from "../state/reader.ts";
import type { BlockEnv } from "./engine.ts";

type Overridden = { override: StateOverride; codeHash?: Hash; slots?: ReadonlyMap<string, Bytes> };

/** A run asks for the same account and slots many times: hashes are made, and slots are put in order, once. */
export function overridden(below: FlatState, overrides: readonly StateOverride[]): FlatState {
  if (overrides.length === 0) return below;
  const codes = new Map<string, Bytes>();
  const byAddress = new Map<string, Overridden>();
  for (const override of overrides) {
    const { address, code, state, stateDiff } = override;
    const codeHash = code && keccak256(code);
    if (code !== undefined && codeHash !== undefined) codes.set(toHex(codeHash), code);
    byAddress.set(toHex(address), { override, codeHash, slots: slotsOf(state ?? stateDiff) });
  }
  return {
    account(address) {
      const account = below.account(address);
      const found = byAddress.get(toHex(address));
      if (found === undefined) return account;
      const base = account ?? EMPTY_ACCOUNT;
      const { balance, nonce } = found.override;
      return { ...base, balance: balance ?? base.balance, nonce: nonce ?? base.nonce, codeHash: found.codeHash ?? base.codeHash };
    },
    slot(address, key) {
      const found = byAddress.get(toHex(address));
      const set = found?.slots?.get(toHex(key));
      if (set !== undefined) return set;
      return found?.override.state === undefined ? below.slot(address, key) : new Uint8Array(0);
    },
    code: (hash) => codes.get(toHex(hash)) ?? below.code(hash),
  };
}

/** For good, as a simulated block finds it. */
export function applyOverrides(journal: Journal, overrides: readonly StateOverride[]): void {
  for (const { address, balance, nonce, code, state, stateDiff } of overrides) {
    const account = journal.account(address) ?? EMPTY_ACCOUNT;
    const codeHash = code === undefined ? account.codeHash : journal.addCode(code);
    journal.setAccount(address, { ...account, balance: balance ?? account.balance, nonce: nonce ?? account.nonce, codeHash });
    if (state !== undefined) journal.clearStorage(address);
    for (const [hex, value] of slotsOf(state ?? stateDiff) ?? []) journal.setSlot(address, fromHex(hex), value);
  }
}

/** The environment of a question that replaces fields of its block. */
export function overriddenBlock(env: BlockEnv, { parentBeaconBlockRoot: _, ...fields }: BlockOverride): BlockEnv {
  return { ...env, ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) };
}

/** Of a slot that stands twice, the first counts. */
function slotsOf(slots: StateOverride["state"]): ReadonlyMap<string, Bytes> | undefined {
  if (slots === undefined) return undefined;
  return new Map([...slots].reverse().map(([key, value]) => [toHex(key), rlpInt(bytesToBigInt(value))]));
}
