import type { RpcDeps } from "../../deps.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcModule } from "../../json-rpc/method.ts";
import { BOOLEAN, QUANTITY, TEXT } from "../../json-rpc/schema.ts";

export function createNetModule(deps: RpcDeps): RpcModule {
  return {
    name: "net",
    methods: {
      net_version: method({
        summary: "the chain id, in decimal",
        params: [],
        result: TEXT,
        open: true,
        run: () => String(deps.chainId),
      }),
      net_listening: method({ summary: "true", params: [], result: BOOLEAN, open: true, run: () => true }),
      net_peerCount: method({
        summary: "how many peers are connected",
        params: [],
        result: QUANTITY,
        open: true,
        run: () => quantityHex(deps.net.peers().length),
      }),
    },
  };
}
