/** What the next blocks are made with, under anvil's names and Hardhat's. */
import { KIND } from "@noema/execution/system/kinds";
import { encodeNext, type SetNext } from "@noema/execution/system/next";
import { OF_OPERATIONS } from "../ethereum/error-sets.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { address, amount, hash } from "../json-rpc/parsers.ts";
import { TRUE } from "../json-rpc/schema.ts";
import type { ControlDeps } from "./deps.ts";
import { operate, SIGNING } from "./operate.ts";

const gasLimit = ["gas limit", amount(2n ** 63n - 1n)] as const;

/** `done`: what the peer of that prefix answers. */
export function nextBlockMethods<T>(prefix: string, done: T, { operations }: ControlDeps): Record<string, RpcMethod> {
  const set = (next: SetNext) => operate(operations, KIND.next, encodeNext(next)).then(() => done);
  const told = { result: { const: done }, errors: OF_OPERATIONS, ...SIGNING };
  return {
    [`${prefix}_setNextBlockBaseFeePerGas`]: method({
      ...told,
      summary: "the base fee of the next block",
      params: [["base fee", amount()]],
      run: (baseFee) => set({ baseFee }),
    }),
    [`${prefix}_setPrevRandao`]: method({
      ...told,
      summary: "PREVRANDAO of the next block",
      params: [["prevRandao", hash]],
      run: (prevRandao) => set({ prevRandao }),
    }),
    [`${prefix}_setCoinbase`]: method({
      ...told,
      summary: "who gets the tips of the blocks from the next on",
      params: [["address", address]],
      run: (coinbase) => set({ coinbase }),
    }),
  };
}

/** All peers answer true. */
export function gasLimitMethod(prefix: string, { operations }: ControlDeps): Record<string, RpcMethod> {
  const set = (limit: bigint) => operate(operations, KIND.next, encodeNext({ gasLimit: limit })).then(() => true);
  const setBlockGasLimit = method({
    summary: "the gas limit of the blocks from the next on",
    params: [gasLimit],
    result: TRUE,
    errors: OF_OPERATIONS,
    ...SIGNING,
    run: set,
  });
  return { [`${prefix}_setBlockGasLimit`]: setBlockGasLimit };
}
