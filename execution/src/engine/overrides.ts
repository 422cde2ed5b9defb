/** A state with some accounts replaced, for calls. */
import { bytesToBigInt, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { StateOverride } from "../api.ts";
import { rlpInt } from "../rlp.ts";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import type { FlatState } from "../state/reader.ts";

export function overridden(below: FlatState, overrides: readonly StateOverride[]): FlatState {
  if (overrides.length === 0) return below;
  const byAddress = new Map(overrides.map((override) => [toHex(override.address), override]));
  const codes = new Map<string, Bytes>();
  for (const { code } of overrides) if (code !== undefined) codes.set(toHex(keccak256(code)), code);
  return {
    account(address) {
      const account = below.account(address);
      const override = byAddress.get(toHex(address));
      if (override === undefined) return account;
      const { balance, nonce, code } = override;
      const base = account ?? EMPTY_ACCOUNT;
      return {
        ...base,
        balance: balance ?? base.balance,
        nonce: nonce ?? base.nonce,
        codeHash: code === undefined ? base.codeHash : keccak256(code),
      };
    },
    slot(address, key) {
      const override = byAddress.get(toHex(address));
      const set = (override?.state ?? override?.stateDiff)?.find(([k]) => Buffer.compare(k, key) === 0);
      if (set !== undefined) return rlpInt(bytesToBigInt(set[1]));
      return override?.state === undefined ? below.slot(address, key) : new Uint8Array(0);
    },
    code: (hash) => codes.get(toHex(hash)) ?? below.code(hash),
  };
}
