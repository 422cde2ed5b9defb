/** What the next blocks are made with, under anvil's names and Hardhat's. */
import type { Bytes } from "@noema/core/ports/bytes";
import { KIND } from "@noema/execution/system/kinds";
import { encodeNext, type SetNext } from "@noema/execution/system/next";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { address, amount, hash } from "../json-rpc/parsers.ts";
import type { ControlDeps } from "./deps.ts";
import { operate, SIGNING } from "./operate.ts";

const gasLimit = ["gas limit", amount(2n ** 63n - 1n)] as const;

/** `done`: what the peer of that prefix answers. */
export function nextBlockMethods<T>(prefix: string, done: T, { operations }: ControlDeps): Record<string, RpcMethod> {
  const set = (next: SetNext) => operate(operations, KIND.next, encodeNext(next)).then(() => done);
  return {
    [`${prefix}_setNextBlockBaseFeePerGas`]: method([["base fee", amount()]], (baseFee: bigint) => set({ baseFee }), SIGNING),
    [`${prefix}_setPrevRandao`]: method([["prevRandao", hash]], (prevRandao: Bytes) => set({ prevRandao }), SIGNING),
    [`${prefix}_setCoinbase`]: method([["address", address]], (coinbase: Bytes) => set({ coinbase }), SIGNING),
  };
}

/** All peers answer true. */
export function gasLimitMethod(prefix: string, { operations }: ControlDeps): Record<string, RpcMethod> {
  const set = (limit: bigint) => operate(operations, KIND.next, encodeNext({ gasLimit: limit })).then(() => true);
  return { [`${prefix}_setBlockGasLimit`]: method([gasLimit], set, SIGNING) };
}
