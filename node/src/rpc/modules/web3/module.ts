import { to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { RpcDeps } from "../../deps.ts";
import { clientVersion } from "../../ethereum/client-version.ts";
import { method, type RpcModule } from "../../json-rpc/method.ts";
import { data } from "../../json-rpc/parsers.ts";
import { HASH, TEXT } from "../../json-rpc/schema.ts";

export function createWeb3Module(deps: RpcDeps): RpcModule {
  return {
    name: "web3",
    methods: {
      web3_clientVersion: method({
        summary: "name and version of the node",
        params: [],
        result: TEXT,
        open: true,
        run: () => clientVersion(deps),
      }),
      web3_sha3: method({
        summary: "keccak-256 of the data",
        params: [["data", data()]],
        result: HASH,
        open: true,
        run: (bytes) => to0x(keccak256(bytes)),
      }),
    },
  };
}
