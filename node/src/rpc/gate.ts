/**
 * Which methods answer while this node's execution is doubted (node/src/diverged, docs/decisions/0024). Open is what says nothing of
 * state, blocks by execution, fees or the pool: configuration, consensus' own status, data by its hash, signatures by keys alone.
 * eth_syncing is closed: its "false" makes a load balancer believe the node. What is not named here is closed.
 */
import { type Gate, refusal } from "../diverged/gate.ts";
import { type ErrorBody, errorBody } from "./json-rpc/error.ts";

const open = (...names: string[]) => names.map((name) => [name, "open"] as const);
const closed = (...names: string[]) => names.map((name) => [name, "closed"] as const);

/** Every method of every namespace; a test holds it equal to the registry. */
export const WHEN_DOUBTED: ReadonlyMap<string, "open" | "closed"> = new Map<string, "open" | "closed">([
  ...open("eth_chainId", "eth_protocolVersion", "eth_accounts", "eth_coinbase", "eth_hashrate"),
  ...open("net_version", "net_listening", "net_peerCount", "web3_clientVersion", "web3_sha3", "rpc_modules"),
  ...open("noema_nodeInfo", "noema_consensusStatus", "noema_validators", "noema_models", "noema_inferGas", "noema_daStatus"),
  ...open("eth_unsubscribe", "eth_uninstallFilter", "hardhat_getAutomine", "anvil_getAutomine"),
  ...open("eth_sign", "personal_sign", "eth_signTypedData", "eth_signTypedData_v3", "eth_signTypedData_v4"),

  ...closed("eth_sendRawTransaction", "eth_sendTransaction", "eth_signTransaction", "eth_fillTransaction"),
  ...closed("eth_getBalance", "eth_getTransactionCount", "eth_getCode", "eth_getStorageAt", "eth_getProof", "eth_getAccount"),
  ...closed("eth_call", "eth_estimateGas", "eth_createAccessList"),
  ...closed("eth_gasPrice", "eth_maxPriorityFeePerGas", "eth_feeHistory", "eth_blobBaseFee"),
  ...closed("eth_blockNumber", "eth_getBlockByNumber", "eth_getBlockByHash", "eth_getBlockReceipts"),
  ...closed("eth_getBlockTransactionCountByNumber", "eth_getBlockTransactionCountByHash"),
  ...closed("eth_getUncleCountByBlockNumber", "eth_getUncleCountByBlockHash"),
  ...closed("eth_getUncleByBlockNumberAndIndex", "eth_getUncleByBlockHashAndIndex"),
  ...closed("eth_getTransactionByHash", "eth_getTransactionReceipt", "eth_getTransactionBySenderAndNonce", "eth_getRawTransactionByHash"),
  ...closed("eth_getTransactionByBlockNumberAndIndex", "eth_getTransactionByBlockHashAndIndex"),
  ...closed("eth_getRawTransactionByBlockNumberAndIndex", "eth_getRawTransactionByBlockHashAndIndex"),
  ...closed("eth_getLogs", "eth_newFilter", "eth_newBlockFilter", "eth_newPendingTransactionFilter"),
  ...closed("eth_getFilterChanges", "eth_getFilterLogs", "eth_subscribe", "eth_syncing", "eth_mining"),
  ...closed("txpool_status", "txpool_content", "txpool_inspect", "txpool_contentFrom"),
  ...closed("noema_finality", "noema_getCertificate"), // they stand beside the own block's hash and root
  ...closed("hardhat_metadata", "anvil_metadata", "anvil_nodeInfo"),
]);

/** undefined: the method may answer. Asked before it runs, and again before its result leaves. */
export type Refuse = (method: string) => ErrorBody | undefined;

export function refuseBehind(gate: Pick<Gate, "closed"> | undefined): Refuse {
  return (method) => {
    const by = gate?.closed();
    return by === undefined || WHEN_DOUBTED.get(method) === "open" ? undefined : errorBody(refusal(by));
  };
}
