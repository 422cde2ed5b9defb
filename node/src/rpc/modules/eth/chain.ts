import { to0x } from "@noema/core/bytes";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import type { EthContext } from "./context.ts";

/** execution-apis' SyncingStatus. */
export function syncingStatus(c: EthContext): false | Record<string, string> {
  const status = c.chain.status();
  if (status.state !== "syncing") return false;
  const current = quantityHex(c.chain.tags().latest.number);
  return { startingBlock: "0x0", currentBlock: current, highestBlock: quantityHex(status.highestHeight ?? status.finalizedHeight) };
}

/** Of a block of this node's; zero where it makes none. */
function coinbase(c: EthContext): string {
  const set = c.chain.controls()?.coinbase;
  if (set !== undefined) return to0x(set);
  const self = c.chain.status().self;
  const own = self === undefined ? undefined : c.chain.validators().members[self];
  return own === undefined ? `0x${"0".repeat(40)}` : to0x(own.feeAddress);
}

export function chainMethods(c: EthContext): Record<string, RpcMethod> {
  return {
    eth_chainId: method([], () => quantityHex(c.chainId), { open: true }),
    eth_protocolVersion: method([], () => "0x1", { open: true }),
    eth_syncing: method([], () => syncingStatus(c)),
    eth_mining: method([], () => c.chain.status().self !== undefined),
    eth_hashrate: method([], () => "0x0", { open: true }),
    eth_coinbase: method([], () => coinbase(c), { open: true }),
    eth_accounts: method([], () => (c.dev?.accounts ?? []).map((a) => to0x(a.address)), { open: true }),
  };
}
