/** geth's and ganache's names for how blocks are made. */
import type { Bytes } from "@noema/core/ports/bytes";
import { KIND } from "@noema/execution/system/kinds";
import { encodeMining } from "@noema/execution/system/mining";
import { encodeNext } from "@noema/execution/system/next";
import type { ControlDeps } from "../../controls/deps.ts";
import { operate, SIGNING } from "../../controls/operate.ts";
import { setHeadMethod } from "../../controls/snapshots.ts";
import { method, type RpcModule } from "../../json-rpc/method.ts";
import { address, anything } from "../../json-rpc/parsers.ts";

export function createMinerModule(deps: ControlDeps): RpcModule {
  const { operations } = deps;
  const mine = (auto: boolean) => operate(operations, KIND.mining, encodeMining({ every: false, auto, intervalMs: 0 })).then(() => true);
  const setEtherbase = (coinbase: Bytes) => operate(operations, KIND.next, encodeNext({ coinbase })).then(() => true);
  return {
    name: "miner",
    methods: {
      miner_start: method([["threads", anything]], () => mine(true), SIGNING), // a block follows each transaction
      miner_stop: method([], () => mine(false), SIGNING),
      miner_setEtherbase: method([["address", address]], setEtherbase, SIGNING),
      ...setHeadMethod(deps),
    },
  };
}
