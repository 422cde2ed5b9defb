/** Otterscan's API, level 8 (as Otterscan documents its custom methods): what a block explorer needs and eth_* does not answer. */

import { createBlockResolver } from "../../ethereum/block-id.ts";
import type { RpcModule } from "../../json-rpc/method.ts";
import { method } from "../../json-rpc/method.ts";
import { INTEGER } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import { otsBlockMethods } from "./blocks.ts";
import { otsContractMethods } from "./contracts.ts";
import { otsSearchMethods } from "./search.ts";
import { otsTransactionMethods } from "./transactions.ts";

const API_LEVEL = 8;

export function createOtsModule(deps: ModuleDeps): RpcModule {
  const blocks = createBlockResolver(deps);
  return {
    name: "ots",
    methods: {
      ots_getApiLevel: method({ summary: "the level of this API", params: [], result: INTEGER, run: () => API_LEVEL }),
      ...otsBlockMethods(deps, blocks),
      ...otsTransactionMethods(deps),
      ...otsContractMethods(deps, blocks),
      ...otsSearchMethods(deps),
    },
  };
}
