/** geth's and ganache's names for how blocks are made. */
import type { Bytes } from "@noema/core/ports/bytes";
import { KIND } from "@noema/execution/system/kinds";
import { encodeMining } from "@noema/execution/system/mining";
import { encodeNext } from "@noema/execution/system/next";
import type { ControlDeps } from "../../controls/deps.ts";
import { operate, SIGNING } from "../../controls/operate.ts";
import { setHeadMethod } from "../../controls/snapshots.ts";
import { OF_OPERATIONS } from "../../ethereum/error-sets.ts";
import { method, type RpcModule } from "../../json-rpc/method.ts";
import { address, anything } from "../../json-rpc/parsers.ts";
import { TRUE } from "../../json-rpc/schema.ts";

export function createMinerModule(deps: ControlDeps): RpcModule {
  const { operations } = deps;
  const mine = (auto: boolean) => operate(operations, KIND.mining, encodeMining({ every: false, auto, intervalMs: 0 })).then(() => true);
  const setEtherbase = (coinbase: Bytes) => operate(operations, KIND.next, encodeNext({ coinbase })).then(() => true);
  const told = { result: TRUE, errors: OF_OPERATIONS, ...SIGNING };
  return {
    name: "miner",
    methods: {
      miner_start: method({ ...told, summary: "a block follows each transaction", params: [["threads", anything]], run: () => mine(true) }),
      miner_stop: method({ ...told, summary: "transactions wait until a block is asked for", params: [], run: () => mine(false) }),
      miner_setEtherbase: method({ ...told, summary: "who gets the fees from now on", params: [["address", address]], run: setEtherbase }),
      ...setHeadMethod(deps),
    },
  };
}
