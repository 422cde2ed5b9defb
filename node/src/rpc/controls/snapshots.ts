/** Snapshots of the chain and ways back to them, as anvil and Hardhat name and answer them. */
import { blockNumber } from "@noema/core/block-number";
import { isNoemaError } from "@noema/core/errors";
import { KIND } from "@noema/execution/system/kinds";
import { encodeRevert, type RevertTo } from "@noema/execution/system/revert";
import { rpcError } from "../errors.ts";
import { OF_OPERATIONS } from "../ethereum/error-sets.ts";
import { quantityHex } from "../ethereum/hex.ts";
import { invalidParams } from "../json-rpc/error.ts";
import { method, type Parser, type RpcMethod } from "../json-rpc/method.ts";
import { amount, count, optional, smallQuantity } from "../json-rpc/parsers.ts";
import { BOOLEAN, NULL, QUANTITY } from "../json-rpc/schema.ts";
import type { ControlDeps } from "./deps.ts";
import { operate, SIGNING } from "./operate.ts";

const NOTHING = new Uint8Array(0);
const MAX_DEPTH = 2 ** 40;
/** What names another chain to begin from, in anvil's words and Hardhat's. */
const FORK_KEYS = ["jsonRpcUrl", "blockNumber", "httpHeaders"];

/** Nothing, or an object that asks for no fork. */
const noFork: Parser<void> = {
  schema: { type: "object", description: "without a fork's URL" },
  read(value, name) {
    if (value === undefined || value === null) return;
    if (typeof value !== "object" || Array.isArray(value)) throw invalidParams(`${name}: expected an object`);
    const forking = (value as { forking?: unknown }).forking ?? {};
    if (typeof forking !== "object") throw invalidParams(`${name}.forking: expected an object`);
    const asked = FORK_KEYS.filter((key) => (forking as Record<string, unknown>)[key] != null);
    if (asked.length > 0) throw rpcError("RPC_NO_FORKING", `forking.${asked[0]}: this chain cannot begin from another one's state`);
  },
};

/** Of evm_ and anvil_. */
export function snapshotMethods(prefix: "evm" | "anvil", deps: ControlDeps): Record<string, RpcMethod> {
  const snapshot = async () => quantityHex((await operate(deps.operations, KIND.snapshot, NOTHING)) as number);

  /** false: no snapshot has this id, or it serves no more. */
  async function revert(id: bigint): Promise<boolean> {
    if (id > BigInt(Number.MAX_SAFE_INTEGER)) return false;
    try {
      await revertTo(deps, { snapshot: Number(id) });
      return true;
    } catch (error) {
      if (isNoemaError(error, "DEV_SNAPSHOT_UNKNOWN")) return false;
      throw error;
    }
  }
  return {
    [`${prefix}_snapshot`]: method({
      summary: "a snapshot of the chain, by its id",
      params: [],
      result: QUANTITY,
      errors: OF_OPERATIONS,
      ...SIGNING,
      run: snapshot,
    }),
    [`${prefix}_revert`]: method({
      summary: "takes the chain back to a snapshot, which serves no more; false where none has the id",
      params: [["snapshot id", amount(2n ** 256n - 1n)]],
      result: BOOLEAN,
      errors: [...OF_OPERATIONS, "DEV_HISTORY_GONE"],
      ...SIGNING,
      run: revert,
    }),
  };
}

/** `done`: what the peer of that prefix answers. */
export function resetMethod<T>(prefix: "anvil" | "hardhat", done: T, deps: ControlDeps): Record<string, RpcMethod> {
  const reset = () => revertTo(deps, "genesis").then(() => done);
  const told = method({
    summary: "takes the chain back to its genesis",
    params: [["options", optional(noFork)]],
    result: { const: done },
    errors: [...OF_OPERATIONS, "DEV_HISTORY_GONE", "RPC_NO_FORKING"],
    ...SIGNING,
    run: reset,
  });
  return { [`${prefix}_reset`]: told };
}

/** The newest blocks, one where no number is given, leave the chain. */
export function rollbackMethod(deps: ControlDeps): Record<string, RpcMethod> {
  async function rollback(depth: number): Promise<null> {
    const { number } = deps.chain.tags().latest;
    if (depth > number) throw invalidParams(`depth: ${depth}, but the newest block is ${number}`);
    await revertTo(deps, { number: blockNumber(number - depth) });
    return null;
  }
  return {
    anvil_rollback: method({
      summary: "takes the newest blocks out of the chain",
      params: [["depth", optional(count(MAX_DEPTH), 1)]],
      result: NULL,
      errors: [...OF_OPERATIONS, "DEV_HISTORY_GONE", "DEV_NUMBER_UNKNOWN"],
      ...SIGNING,
      run: rollback,
    }),
  };
}

/** geth's, by the number that becomes the newest. */
export function setHeadMethod(deps: ControlDeps): Record<string, RpcMethod> {
  async function setHead(to: number): Promise<null> {
    const { number } = deps.chain.tags().latest;
    if (to > number) throw invalidParams(`number: ${to}, but the newest block is ${number}`);
    await revertTo(deps, { number: blockNumber(to) });
    return null;
  }
  return {
    debug_setHead: method({
      summary: "takes out of the chain all blocks above that number",
      params: [["number", smallQuantity()]],
      result: NULL,
      errors: [...OF_OPERATIONS, "DEV_HISTORY_GONE", "DEV_NUMBER_UNKNOWN"],
      ...SIGNING,
      run: setHead,
    }),
  };
}

async function revertTo({ operations }: ControlDeps, to: RevertTo): Promise<void> {
  await operate(operations, KIND.revert, encodeRevert(to));
}
