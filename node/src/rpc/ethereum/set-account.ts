/** Values of accounts set by hand, as anvil and Hardhat name it. Only a server of a development chain has these methods. */
import type { Bytes } from "@noema/core/ports/bytes";
import { errors, execError } from "@noema/execution/errors";
import { KIND } from "@noema/execution/system/kinds";
import { OUTCOME, REFUSALS } from "@noema/execution/system/outcomes";
import { encodeSet, MAX_CODE_BYTES, type SetAccount } from "@noema/execution/system/set";
import type { Operations } from "../../chain/operations.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { address, amount, data, hash, slotKey } from "../json-rpc/parsers.ts";

/** Not for every page that may ask, as little as the accounts are. */
const SIGNING = { signing: true } as const;

/** `done`: what the peer answers to all but a slot, for which both say true. */
export function setAccountMethods(prefix: string, operations: Operations | undefined, done: true | null): Record<string, RpcMethod> {
  if (operations === undefined) return {};
  const { submit } = operations;
  async function set(account: SetAccount): Promise<typeof done> {
    const outcome = await submit(KIND.set, encodeSet(account));
    if (outcome === OUTCOME.done) return done;
    const code = REFUSALS[outcome];
    throw execError(code, `nothing is set: ${errors[code].means}`, { outcome });
  }
  const who = ["address", address] as const;
  const setBalance = (a: Bytes, balance: bigint) => set({ address: a, balance });
  const setNonce = (a: Bytes, nonce: bigint) => set({ address: a, nonce });
  const setCode = (a: Bytes, code: Bytes) => set({ address: a, code });
  const setStorageAt = (a: Bytes, key: Bytes, value: Bytes) => set({ address: a, slots: [{ key, value }] }).then(() => true);
  return {
    [`${prefix}_setBalance`]: method([who, ["balance", amount()]], setBalance, SIGNING),
    [`${prefix}_setNonce`]: method([who, ["nonce", amount(2n ** 64n - 1n)]], setNonce, SIGNING),
    [`${prefix}_setCode`]: method([who, ["code", data({ max: MAX_CODE_BYTES })]], setCode, SIGNING),
    [`${prefix}_setStorageAt`]: method([who, ["slot", slotKey], ["value", hash]], setStorageAt, SIGNING),
  };
}
