/** Which addresses this chain's nodes send for without a key, under anvil's names and Hardhat's. */
import type { Bytes } from "@noema/core/ports/bytes";
import { encodeImpersonate, type Impersonate } from "@noema/execution/system/impersonate";
import { KIND } from "@noema/execution/system/kinds";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { address, anything, boolean } from "../json-rpc/parsers.ts";
import type { ControlDeps } from "./deps.ts";
import { operate, SIGNING } from "./operate.ts";

const who = ["address", address] as const;

/** Whether it was so before. */
async function impersonate({ operations }: ControlDeps, what: Impersonate): Promise<boolean> {
  return (await operate(operations, KIND.impersonate, encodeImpersonate(what))) === 1;
}

export function anvilImpersonation(deps: ControlDeps): Record<string, RpcMethod> {
  const set = (what: Impersonate) => impersonate(deps, what).then(() => null);
  return {
    anvil_impersonateAccount: method([who], (a: Bytes) => set({ address: a, on: true }), SIGNING),
    anvil_stopImpersonatingAccount: method([who], (a: Bytes) => set({ address: a, on: false }), SIGNING),
    anvil_autoImpersonateAccount: method([["enabled", boolean]], (on: boolean) => set({ on }), SIGNING),
  };
}

/** ganache's, whose passphrase nobody needs here: whether the address is new. */
export function addAccountMethod(deps: ControlDeps): Record<string, RpcMethod> {
  const add = (a: Bytes) => impersonate(deps, { address: a, on: true }).then((before) => !before);
  return { evm_addAccount: method([who, ["passphrase", anything]], add, SIGNING) };
}

/** Stopping answers whether there was something to stop. */
export function hardhatImpersonation(deps: ControlDeps): Record<string, RpcMethod> {
  return {
    hardhat_impersonateAccount: method([who], (a: Bytes) => impersonate(deps, { address: a, on: true }).then(() => true), SIGNING),
    hardhat_stopImpersonatingAccount: method([who], (a: Bytes) => impersonate(deps, { address: a, on: false }), SIGNING),
  };
}
