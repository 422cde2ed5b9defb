/** A state with some accounts replaced, for calls. */
import { bytesToBigInt, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { StateOverride } from "../api.ts";
import { rlpInt } from "../rlp/encode.ts";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import type { FlatState } from "../state/reader.ts";

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

/** Of a slot that stands twice, the first counts. */
function slotsOf(slots: StateOverride["state"]): ReadonlyMap<string, Bytes> | undefined {
  if (slots === undefined) return undefined;
  return new Map([...slots].reverse().map(([key, value]) => [toHex(key), rlpInt(bytesToBigInt(value))]));
}
