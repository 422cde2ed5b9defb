import { to0x } from "@noema/core/bytes";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { ADDRESS, BOOLEAN, either, list, members, QUANTITY } from "../../json-rpc/schema.ts";
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
    eth_chainId: method({ summary: "the chain id", params: [], result: QUANTITY, open: true, run: () => quantityHex(c.chainId) }),
    eth_protocolVersion: method({ summary: "1", params: [], result: QUANTITY, open: true, run: () => "0x1" }),
    eth_syncing: method({
      summary: "false, or how far this node is behind the chain",
      params: [],
      result: either({ const: false }, members({ startingBlock: QUANTITY, currentBlock: QUANTITY, highestBlock: QUANTITY })),
      run: () => syncingStatus(c),
    }),
    eth_mining: method({
      summary: "whether this node is a validator",
      params: [],
      result: BOOLEAN,
      run: () => c.chain.status().self !== undefined,
    }),
    eth_hashrate: method({ summary: "0: nobody mines", params: [], result: QUANTITY, open: true, run: () => "0x0" }),
    eth_coinbase: method({
      summary: "who gets the tips of this node's blocks; zero where it makes none",
      params: [],
      result: ADDRESS,
      open: true,
      run: () => coinbase(c),
    }),
    eth_accounts: method({
      summary: "the accounts whose keys this node has",
      params: [],
      result: list(ADDRESS),
      open: true,
      run: () => (c.dev?.accounts ?? []).map((a) => to0x(a.address)),
    }),
  };
}
