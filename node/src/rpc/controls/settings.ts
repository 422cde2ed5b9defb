/** Settings of the peers' processes that a chain here has in genesis, or does not have: true to what is asked, or refused by name. */
import { rpcError } from "../errors.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { amount, anything, boolean, text } from "../json-rpc/parsers.ts";
import { BOOLEAN, INTEGER, NULL, TRUE } from "../json-rpc/schema.ts";
import type { ControlDeps } from "./deps.ts";
import { SIGNING } from "./operate.ts";

/** `done`: what the peer of that prefix answers. */
export function settingMethods<T extends null | true>(
  prefix: "anvil" | "hardhat",
  done: T,
  { chainId }: ControlDeps,
): Record<string, RpcMethod> {
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
  const told = { result: done === null ? NULL : TRUE, ...SIGNING };
  return {
    [`${prefix}_setChainId`]: method({
      ...told,
      summary: "refused, unless it is the chain's id already",
      params: [["chain id", amount()]],
      errors: ["DEV_UNSUPPORTED"],
      run: setChainId,
    }),
    [`${prefix}_setMinGasPrice`]: method({
      ...told,
      summary: "refused: no gas price is asked beyond the base fee",
      params: [["gas price", amount()]],
      errors: ["DEV_UNSUPPORTED"],
      run: setMinGasPrice,
    }),
    [`${prefix}_setRpcUrl`]: method({
      ...told,
      summary: "refused: this chain begins from no other one's state",
      params: [["url", text(2048)]],
      errors: ["RPC_NO_FORKING"],
      run: setRpcUrl,
    }),
    [`${prefix}_setLoggingEnabled`]: method({
      ...told,
      summary: "changes nothing: what is logged is the operator's choice",
      params: [["enabled", boolean]],
      run: () => done,
    }),
    [`${prefix}_enableTraces`]: method({
      ...told,
      summary: "changes nothing: every transaction can be traced",
      params: [],
      run: () => done,
    }),
    [`${prefix}_addCompilationResult`]: method({
      summary: "answers as Hardhat where it can use no such result: nothing is made of it",
      params: [
        ["compiler version", anything],
        ["input", anything],
        ["output", anything],
      ],
      result: BOOLEAN,
      run: () => false,
    }),
    [`${prefix}_getStackTraceFailuresCount`]: method({
      summary: "how many stack traces could not be made: none, since none is tried",
      params: [],
      result: INTEGER,
      run: () => 0,
    }),
  };
}
