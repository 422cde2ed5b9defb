/** Values of accounts set by hand, as anvil and Hardhat name it. Only a server of a development chain has these methods. */
import type { Bytes } from "@noema/core/ports/bytes";
import { MAX_CODE_BYTES } from "@noema/execution/code-bytes";
import { KIND } from "@noema/execution/system/kinds";
import { encodeSet, type SetAccount } from "@noema/execution/system/set";
import type { Operations } from "../../chain/operations.ts";
import { operate, SIGNING } from "../controls/operate.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { address, amount, data, hash, slotKey } from "../json-rpc/parsers.ts";
import { TRUE } from "../json-rpc/schema.ts";
import { OF_OPERATIONS } from "./error-sets.ts";

const told = { errors: [...OF_OPERATIONS, "DEV_RESERVED_ADDRESS"], ...SIGNING };

/** `done`: what the peer answers to all but a slot, for which both say true. */
export function setAccountMethods(prefix: string, operations: Operations, done: true | null): Record<string, RpcMethod> {
  const set = (account: SetAccount) => operate(operations, KIND.set, encodeSet(account)).then(() => done);
  const who = ["address", address] as const;
  const setBalance = (a: Bytes, balance: bigint) => set({ address: a, balance });
  const setNonce = (a: Bytes, nonce: bigint) => set({ address: a, nonce });
  const setCode = (a: Bytes, code: Bytes) => set({ address: a, code });
  const setStorageAt = (a: Bytes, key: Bytes, value: Bytes) => set({ address: a, slots: [{ key, value }] }).then(() => true);
  return {
    [`${prefix}_setBalance`]: method({
      ...told,
      summary: "an account's wei",
      params: [who, ["balance", amount()]],
      result: { const: done },
      run: setBalance,
    }),
    [`${prefix}_setNonce`]: method({
      ...told,
      summary: "an account's nonce",
      params: [who, ["nonce", amount(2n ** 64n - 1n)]],
      result: { const: done },
      errors: [...told.errors, "DEV_NONCE_TOO_HIGH"],
      run: setNonce,
    }),
    [`${prefix}_setCode`]: method({
      ...told,
      summary: "an account's code",
      params: [who, ["code", data({ max: MAX_CODE_BYTES })]],
      result: { const: done },
      run: setCode,
    }),
    [`${prefix}_setStorageAt`]: method({
      ...told,
      summary: "a slot of an account",
      params: [who, ["slot", slotKey], ["value", hash]],
      result: TRUE,
      run: setStorageAt,
    }),
  };
}
