import { to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { clientVersion } from "../../ethereum/client-version.ts";
import { method, type RpcModule } from "../../json-rpc/method.ts";
import { data } from "../../json-rpc/parsers.ts";
import type { ModuleDeps } from "../../module-deps.ts";

export function createWeb3Module(deps: ModuleDeps): RpcModule {
  return {
    name: "web3",
    methods: {
      web3_clientVersion: method([], () => clientVersion(deps), { open: true }),
      web3_sha3: method([["data", data()]], (bytes) => to0x(keccak256(bytes)), { open: true }),
      rpc_modules: method([], () => Object.fromEntries(deps.namespaces().map((name) => [name, "1.0"])), { open: true }),
    },
  };
}
