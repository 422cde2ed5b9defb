import { to0x } from "@noema/core/bytes";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import type { EthContext } from "./context.ts";
import { quantityHex } from "./hex.ts";

/** execution-apis' SyncingStatus. */
export function syncingStatus(c: EthContext): false | Record<string, string> {
  const status = c.chain.status();
  if (status.state !== "syncing") return false;
  const current = quantityHex(c.chain.tags().latest.number);
  return { startingBlock: "0x0", currentBlock: current, highestBlock: quantityHex(status.highestHeight ?? status.finalizedHeight) };
}

export function chainMethods(c: EthContext): Record<string, RpcMethod> {
  return {
    eth_chainId: method([], () => quantityHex(c.chainId)),
    eth_protocolVersion: method([], () => "0x1"),
    eth_syncing: method([], () => syncingStatus(c)),
    eth_mining: method([], () => c.chain.status().self !== undefined),
    eth_hashrate: method([], () => "0x0"),
    eth_coinbase: method([], () => {
      const self = c.chain.status().self;
      const own = self === undefined ? undefined : c.chain.validators().members[self];
      return own === undefined ? `0x${"0".repeat(40)}` : to0x(own.feeAddress);
    }),
    eth_accounts: method([], () => (c.dev?.accounts ?? []).map((a) => to0x(a.address))),
  };
}
