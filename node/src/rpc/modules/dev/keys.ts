import { to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { DevAccount } from "../../deps.ts";
import { rpcError } from "../../errors.ts";
import { type EcdsaSignature, signDigest } from "./sign-digest.ts";

export interface DevKeys {
  has(address: Bytes): boolean;
  /** Throws RPC_ACCOUNT_UNKNOWN. */
  keyOf(address: Bytes): Bytes;
  sign(address: Bytes, hash: Hash): EcdsaSignature;
  /** One at a time for each account, in order of the calls. */
  exclusive<T>(address: Bytes, run: () => Promise<T>): Promise<T>;
}

export function createDevKeys(accounts: readonly DevAccount[]): DevKeys {
  const keys = new Map(accounts.map((a) => [to0x(a.address), a.privateKey]));
  const last = new Map<string, Promise<unknown>>();

  function keyOf(address: Bytes): Bytes {
    const key = keys.get(to0x(address));
    if (key === undefined) throw rpcError("RPC_ACCOUNT_UNKNOWN", `unknown account ${to0x(address)}: this node holds no key of it`);
    return key;
  }

  return {
    has: (address) => keys.has(to0x(address)),
    keyOf,
    sign: (address, hash) => signDigest(hash, keyOf(address)),
    exclusive(address, run) {
      keyOf(address); // bounds the map to the accounts
      const id = to0x(address);
      const result = (last.get(id) ?? Promise.resolve()).then(run, run);
      last.set(
        id,
        result.catch(() => undefined),
      );
      return result;
    },
  };
}
