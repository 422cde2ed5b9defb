import type { RpcDeps } from "../../deps.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcModule } from "../../json-rpc/method.ts";

export function createNetModule(deps: RpcDeps): RpcModule {
  return {
    name: "net",
    methods: {
      net_version: method([], () => String(deps.chainId), { open: true }),
      net_listening: method([], () => true, { open: true }),
      net_peerCount: method([], () => quantityHex(deps.net.peers().length), { open: true }),
    },
  };
}
