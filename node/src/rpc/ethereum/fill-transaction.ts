/** Completes what a client left out of a transaction object: type, fees, gas. */

import { forkOf } from "@noema/execution/rules/forks";
import type { UnsignedTransaction } from "@noema/execution/transactions/encode";
import type { RpcDeps } from "../deps.ts";
import { rpcError } from "../errors.ts";
import { invalidParams } from "../json-rpc/error.ts";
import type { Parser } from "../json-rpc/method.ts";
import { object } from "../json-rpc/parsers.ts";
import { noted } from "../json-rpc/schema.ts";
import { callData, checkChainId, checkFees, TRANSACTION, transactionShape } from "./call-request.ts";
import { estimateNext } from "./estimate-next.ts";

const shape = object(transactionShape);
type Given = ReturnType<typeof shape.read>;
export type TransactionRequest = Given & { from: Uint8Array };

/** Wei that a wallet is told to tip: blocks are not full for long, so little. */
export const SUGGESTED_TIP = 1_000_000_000n;

export const transactionRequest: Parser<TransactionRequest> = {
  schema: noted(TRANSACTION, "with `from`"),
  read(value, name) {
    const tx = shape.read(value, name);
    if (tx.from === undefined) throw invalidParams(`${name}.from: missing`);
    checkFees(tx);
    callData(tx);
    return { ...tx, from: tx.from };
  },
};

/** The youngest that the fields allow and the fork has. */
function guess(tx: Given, highest: number): number {
  if ((tx.blobs ?? tx.blobVersionedHashes ?? tx.maxFeePerBlobGas) !== undefined) return 3;
  if (tx.authorizationList !== undefined) return 4;
  const market = tx.gasPrice === undefined && (highest >= 2 || (tx.maxFeePerGas ?? tx.maxPriorityFeePerGas) !== undefined);
  return market ? 2 : tx.accessList === undefined ? 0 : 1;
}

function typeOf(tx: Given, fork: string): 0 | 1 | 2 | 4 {
  const type = tx.type ?? guess(tx, forkOf(fork).maxType);
  if (type === 0 || type === 1 || type === 2 || type === 4) return type;
  throw rpcError("RPC_SIGN_INVALID", `type ${type} cannot be signed here; sign it in the client`);
}

function fees(deps: RpcDeps, tx: Given): Pick<UnsignedTransaction, "gasPrice" | "maxFeePerGas" | "maxPriorityFeePerGas"> {
  const { baseFeePerGas } = deps.chain.nextFees();
  const tip = tx.maxPriorityFeePerGas ?? SUGGESTED_TIP;
  const maxFeePerGas = tx.maxFeePerGas ?? tx.gasPrice ?? 2n * baseFeePerGas + tip;
  const maxPriorityFeePerGas = tx.maxPriorityFeePerGas ?? (tip < maxFeePerGas ? tip : maxFeePerGas);
  return { gasPrice: tx.gasPrice ?? tx.maxFeePerGas ?? baseFeePerGas + tip, maxFeePerGas, maxPriorityFeePerGas };
}

/** Everything but the nonce, which is given under the account's lock. */
export async function fillTransaction(deps: RpcDeps, tx: TransactionRequest): Promise<Omit<UnsignedTransaction, "nonce">> {
  checkChainId(tx.chainId, deps.chainId);
  const data = callData(tx) ?? new Uint8Array();
  if (tx.to === undefined && data.length === 0) throw rpcError("RPC_SIGN_INVALID", "contract creation without any data provided");
  const { from, to, value = 0n, accessList, authorizationList } = tx;
  const [type, prices] = [typeOf(tx, deps.fork), fees(deps, tx)];
  const { gasPrice, ...market } = prices;
  const call = { from, to, value, data, accessList, authorizationList, ...(type < 2 ? { gasPrice } : market) };
  const gas = tx.gas ?? (await estimateNext(deps, call));
  const lists = { accessList: accessList ?? [], authorizationList: authorizationList ?? [] };
  return { type, chainId: BigInt(deps.chainId), to, value, data, gas, ...prices, ...lists };
}
