import { to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { RpcDeps } from "./deps.ts";
import { method, type RpcModule } from "./json-rpc/method.ts";
import { data } from "./json-rpc/parsers.ts";

/** `rpc_modules` names the namespaces of all modules. */
export function createWeb3Module(deps: RpcDeps, namespaces: () => readonly string[]): RpcModule {
  return {
    name: "web3",
    methods: {
      web3_clientVersion: method([], () => deps.version),
      web3_sha3: method([["data", data()]], (bytes) => to0x(keccak256(bytes))),
      rpc_modules: method([], () => Object.fromEntries(namespaces().map((name) => [name, "1.0"]))),
    },
  };
}
