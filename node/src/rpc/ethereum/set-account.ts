/** Values of accounts set by hand, as anvil and Hardhat name it. Only a server of a development chain has these methods. */
import type { Bytes } from "@noema/core/ports/bytes";
import { MAX_CODE_BYTES } from "@noema/execution/code-bytes";
import { KIND } from "@noema/execution/system/kinds";
import { encodeSet, type SetAccount } from "@noema/execution/system/set";
import type { Operations } from "../../chain/operations.ts";
import { operate, SIGNING } from "../controls/operate.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { address, amount, data, hash, slotKey } from "../json-rpc/parsers.ts";

/** `done`: what the peer answers to all but a slot, for which both say true. */
export function setAccountMethods(prefix: string, operations: Operations, done: true | null): Record<string, RpcMethod> {
  const set = (account: SetAccount) => operate(operations, KIND.set, encodeSet(account)).then(() => done);
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
