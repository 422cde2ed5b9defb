/**
 * Who this development chain is, as Hardhat and Foundry ask: Ignition keeps its journal by the instance, and both poll a
 * development chain each 50 ms instead of each 4 s. `forkedNetwork` is left out: Hardhat takes null for another kind of node.
 */
import { to0x, u64be } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { BlockRecord } from "@noema/execution/records";
import { forkOf } from "@noema/execution/rules/forks";
import type { RpcDeps } from "../../deps.ts";
import { clientVersion } from "../../ethereum/client-version.ts";
import { SUGGESTED_TIP } from "../../ethereum/fill-transaction.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { HASH, INTEGER, members, NULL, QUANTITY, TEXT } from "../../json-rpc/schema.ts";

const METADATA = members({ clientVersion: TEXT, chainId: INTEGER, instanceId: HASH, latestBlockNumber: INTEGER, latestBlockHash: HASH });
const NODE_INFO = members({
  currentBlockNumber: QUANTITY,
  currentBlockTimestamp: INTEGER,
  currentBlockHash: HASH,
  hardFork: TEXT,
  transactionOrder: TEXT,
  environment: members({ baseFee: QUANTITY, chainId: INTEGER, gasLimit: QUANTITY, gasPrice: QUANTITY }),
  forkConfig: members({ forkUrl: NULL, forkBlockNumber: NULL, forkRetryBackoff: NULL }),
});

export function identityMethods(deps: RpcDeps): Record<string, RpcMethod> {
  const { chain, execution, chainId, genesisHash } = deps;
  const head = async () => (await execution.block(chain.tags().latest.number)) as BlockRecord;

  async function metadata(): Promise<Record<string, unknown>> {
    const { number, hash } = await head();
    return {
      clientVersion: clientVersion(deps),
      chainId,
      instanceId: to0x(sha256(genesisHash, u64be(chain.controls()?.resets ?? 0))), // the salt of genesis is new with each new chain
      latestBlockNumber: number,
      latestBlockHash: to0x(hash),
    };
  }

  async function nodeInfo(): Promise<Record<string, unknown>> {
    const { number, hash, timestamp, gasLimit } = await head();
    const { baseFeePerGas } = chain.nextFees();
    return {
      currentBlockNumber: quantityHex(number),
      currentBlockTimestamp: Number(timestamp),
      currentBlockHash: to0x(hash),
      hardFork: forkOf(deps.fork).hardfork,
      transactionOrder: "fees",
      environment: {
        baseFee: quantityHex(baseFeePerGas),
        chainId,
        gasLimit: quantityHex(gasLimit),
        gasPrice: quantityHex(baseFeePerGas + SUGGESTED_TIP),
      },
      forkConfig: { forkUrl: null, forkBlockNumber: null, forkRetryBackoff: null },
    };
  }

  const describe = method({ summary: "which chain this is, and which run of it", params: [], result: METADATA, run: metadata });
  const info = method({ summary: "the newest block, and with what the next is made", params: [], result: NODE_INFO, run: nodeInfo });
  return {
    hardhat_metadata: describe,
    anvil_metadata: describe,
    anvil_nodeInfo: info,
    hardhat_nodeInfo: info,
  };
}
