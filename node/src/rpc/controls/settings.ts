/** Settings of the peers' processes that a chain here has in genesis, or does not have: true to what is asked, or refused by name. */
import { rpcError } from "../errors.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { amount, anything, boolean, text } from "../json-rpc/parsers.ts";
import type { ControlDeps } from "./deps.ts";
import { SIGNING } from "./operate.ts";

/** `done`: what the peer of that prefix answers. */
export function settingMethods<T>(prefix: "anvil" | "hardhat", done: T, { chainId }: ControlDeps): Record<string, RpcMethod> {
  function setChainId(id: bigint): T {
    if (id === BigInt(chainId)) return done;
    throw rpcError("DEV_UNSUPPORTED", `the chain id is ${chainId} for good: start a devnet with --chain-id ${id}`);
  }
  function setMinGasPrice(): never {
    throw rpcError("DEV_UNSUPPORTED", "no gas price is asked beyond the base fee: set that with anvil_setNextBlockBaseFeePerGas");
  }
  function setRpcUrl(): never {
    throw rpcError("RPC_NO_FORKING", "this chain does not begin from another one's state, so there is no URL to change");
  }
  return {
    [`${prefix}_setChainId`]: method([["chain id", amount()]], setChainId, SIGNING),
    [`${prefix}_setMinGasPrice`]: method([["gas price", amount()]], setMinGasPrice, SIGNING),
    [`${prefix}_setRpcUrl`]: method([["url", text(2048)]], setRpcUrl, SIGNING),
    // What is logged is the operator's choice, and every transaction can be traced: both are so already.
    [`${prefix}_setLoggingEnabled`]: method([["enabled", boolean]], () => done, SIGNING),
    [`${prefix}_enableTraces`]: method([], () => done, SIGNING),
    // false: nothing is made of it, as Hardhat answers where it cannot use one.
    [`${prefix}_addCompilationResult`]: method(
      [
        ["compiler version", anything],
        ["input", anything],
        ["output", anything],
      ],
      () => false,
    ),
    // Of stack traces that could not be made: none was tried.
    [`${prefix}_getStackTraceFailuresCount`]: method([], () => 0),
  };
}
