/** Which addresses this chain's nodes send for without a key, under anvil's names and Hardhat's. */
import type { Bytes } from "@noema/core/ports/bytes";
import { encodeImpersonate, type Impersonate } from "@noema/execution/system/impersonate";
import { KIND } from "@noema/execution/system/kinds";
import { OF_OPERATIONS } from "../ethereum/error-sets.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { address, anything, boolean } from "../json-rpc/parsers.ts";
import { BOOLEAN, type JsonSchema, NULL, TRUE } from "../json-rpc/schema.ts";
import type { ControlDeps } from "./deps.ts";
import { operate, SIGNING } from "./operate.ts";

const who = ["address", address] as const;

/** Whether it was so before. */
async function impersonate({ operations }: ControlDeps, what: Impersonate): Promise<boolean> {
  return (await operate(operations, KIND.impersonate, encodeImpersonate(what))) === 1;
}

const SENDS = "the node sends for the address without a key";
const ENDS = "the node sends for the address no more";

/** A switch of the chain. `run` answers by the words of the peer whose prefix it has. */
function toggle<T>(summary: string, result: JsonSchema, run: (address: Bytes) => Promise<T>): RpcMethod {
  return method({ summary, params: [who], result, errors: OF_OPERATIONS, ...SIGNING, run });
}

export function anvilImpersonation(deps: ControlDeps): Record<string, RpcMethod> {
  const set = (what: Impersonate) => impersonate(deps, what).then(() => null);
  return {
    anvil_impersonateAccount: toggle(SENDS, NULL, (a) => set({ address: a, on: true })),
    anvil_stopImpersonatingAccount: toggle(ENDS, NULL, (a) => set({ address: a, on: false })),
    anvil_autoImpersonateAccount: method({
      summary: "whether the node sends for every address without a key",
      params: [["enabled", boolean]],
      result: NULL,
      errors: OF_OPERATIONS,
      ...SIGNING,
      run: (on) => set({ on }),
    }),
  };
}

/** ganache's, whose passphrase nobody needs here: whether the address is new. */
export function addAccountMethod(deps: ControlDeps): Record<string, RpcMethod> {
  const add = (a: Bytes) => impersonate(deps, { address: a, on: true }).then((before) => !before);
  return {
    evm_addAccount: method({
      summary: "the node sends for the address without a key, whatever the passphrase; whether that is new",
      params: [who, ["passphrase", anything]],
      result: BOOLEAN,
      errors: OF_OPERATIONS,
      ...SIGNING,
      run: add,
    }),
  };
}

/** Stopping answers whether there was something to stop. */
export function hardhatImpersonation(deps: ControlDeps): Record<string, RpcMethod> {
  return {
    hardhat_impersonateAccount: toggle(SENDS, TRUE, (a) => impersonate(deps, { address: a, on: true }).then(() => true)),
    hardhat_stopImpersonatingAccount: toggle(ENDS, BOOLEAN, (a) => impersonate(deps, { address: a, on: false })),
  };
}
