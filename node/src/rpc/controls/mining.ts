/** Blocks that are asked for, and when they come by themselves, under anvil's names and Hardhat's. */
import { isNoemaError } from "@noema/core/errors";
import { encodeClock } from "@noema/execution/system/clock";
import type { Mining } from "@noema/execution/system/controls";
import { KIND } from "@noema/execution/system/kinds";
import { encodeMining } from "@noema/execution/system/mining";
import { encodeNext, type SetNext } from "@noema/execution/system/next";
import { mineOnce } from "../../chain/mine.ts";
import { rpcError } from "../errors.ts";
import { OF_OPERATIONS } from "../ethereum/error-sets.ts";
import { method, type Parser, type RpcMethod } from "../json-rpc/method.ts";
import { amount, boolean, object, optional } from "../json-rpc/parsers.ts";
import { BOOLEAN, either, NULL, NUMBER, nullable, oneOf, TRUE } from "../json-rpc/schema.ts";
import type { ControlDeps } from "./deps.ts";
import { ended, operate, SIGNING } from "./operate.ts";

/** Some minutes of work: beyond, a caller rather meant a time. */
const MAX_BLOCKS = 2 ** 24;
const MAX_SECONDS = 2n ** 48n;

export const OF_MINING = [...OF_OPERATIONS, "DEV_TOO_MANY_BLOCKS", "DEV_TIME_BACKWARDS", "DEV_NOT_DUE"];

export type MineOptions = { timestamp?: bigint; blocks?: bigint };

const seconds = amount(MAX_SECONDS);
const mineObject = object({ timestamp: optional(seconds), blocks: optional(amount(2n ** 64n - 1n)) });
/** A timestamp, or an object with it and how many. */
export const mineOptions: Parser<MineOptions> = {
  schema: either(seconds.schema, mineObject.schema),
  read: (value, name) => (typeof value === "object" ? mineObject.read(value, name) : { timestamp: seconds.read(value, name) }),
};
const blocks = ["blocks", optional(amount(2n ** 64n - 1n), 1n)] as const;

async function mine(deps: ControlDeps, count: bigint, interval?: bigint): Promise<void> {
  const { chain, pool, operations, execution } = deps;
  if (count > BigInt(MAX_BLOCKS)) throw rpcError("DEV_TOO_MANY_BLOCKS", `${count} blocks at once, at most ${MAX_BLOCKS}`);
  const miner = { operations, pool, controls: chain.controls };
  for (let left = Number(count); left > 0; ) {
    const { made, ...end } = await mineOnce(miner, { count: left, interval });
    ended(end);
    left -= made;
    if (left === 0 || interval === undefined) continue;
    const newest = await execution.headers(chain.tags().latest.number, chain.tags().latest.number);
    await comesAt(deps, (newest[0]?.timestamp ?? 0n) + interval);
  }
}

const setNext = ({ operations }: ControlDeps, next: SetNext) => operate(operations, KIND.next, encodeNext(next));

/** The next block, unless one with a transaction has come between and is later already. */
async function comesAt(deps: ControlDeps, timestamp: bigint): Promise<void> {
  try {
    await setNext(deps, { timestamp });
  } catch (error) {
    if (!isNoemaError(error, "DEV_TIME_BACKWARDS")) throw error;
  }
}

export async function mineAsAsked(deps: ControlDeps, { timestamp, blocks = 1n }: MineOptions): Promise<void> {
  if (timestamp !== undefined) await setNext(deps, { timestamp });
  await mine(deps, blocks);
}

export function evmMineMethod(deps: ControlDeps): Record<string, RpcMethod> {
  return {
    evm_mine: method({
      summary: "makes blocks, one where nothing is said, the first at a time that may be given",
      params: [["options", optional(mineOptions, {})]],
      result: oneOf("0x0"),
      errors: OF_MINING,
      ...SIGNING,
      run: (options) => mineAsAsked(deps, options).then(() => "0x0"),
    }),
  };
}

/** The clock goes on by `interval` seconds before each block, the first too. By 0, which viem says where its caller says nothing: as it goes. */
export function anvilMineMethod(deps: ControlDeps): Record<string, RpcMethod> {
  async function run(count: bigint, interval: bigint): Promise<null> {
    if (interval === 0n || count === 0n) return mine(deps, count).then(() => null);
    await operate(deps.operations, KIND.clock, encodeClock({ add: true, ms: interval * 1000n, negative: false }));
    return mine(deps, count, interval).then(() => null);
  }
  return {
    anvil_mine: method({
      summary: "makes blocks; each comes by `interval` seconds later, the first too",
      params: [blocks, ["interval", optional(seconds, 0n)]],
      result: NULL,
      errors: OF_MINING,
      ...SIGNING,
      run,
    }),
  };
}

/** One second between blocks where nothing is said; the first comes when it comes. */
export function hardhatMineMethod(deps: ControlDeps): Record<string, RpcMethod> {
  const run = (count: bigint, interval: bigint) => mine(deps, count, interval).then(() => true);
  return {
    hardhat_mine: method({
      summary: "makes blocks, with `interval` seconds between them",
      params: [blocks, ["interval", optional(seconds, 1n)]],
      result: TRUE,
      errors: OF_MINING,
      ...SIGNING,
      run,
    }),
  };
}

function modes({ operations, chain, automine }: ControlDeps) {
  const mining = () => chain.controls()?.mining ?? { every: true, auto: false, intervalMs: 0 };
  const set = (next: Mining) => operate(operations, KIND.mining, encodeMining(next)).then(() => null);
  return {
    /** Where it is not so, Ignition waits for five confirmations. */
    isAuto: () => mining().auto || (mining().every && automine),
    interval: () => (mining().intervalMs > 0 ? mining().intervalMs / 1000 : null),
    /** Off: an interval stays. */
    setAuto: (on: boolean) => set({ every: false, auto: on, intervalMs: on ? 0 : mining().intervalMs }),
    /** Seconds; 0: no block comes by itself. */
    setInterval: (every: bigint) => set({ every: false, auto: false, intervalMs: Number(every) * 1000 }),
  };
}

export function miningModeMethods(prefix: "evm" | "anvil", deps: ControlDeps): Record<string, RpcMethod> {
  const { setAuto, setInterval } = modes(deps);
  return {
    [`${prefix}_setAutomine`]: method({
      summary: "whether a block comes as soon as a transaction waits",
      params: [["automine", boolean]],
      result: NULL,
      errors: OF_OPERATIONS,
      ...SIGNING,
      run: setAuto,
    }),
    [`${prefix}_setIntervalMining`]: method({
      summary: "a block each so many seconds; 0: none comes by itself",
      params: [["seconds", amount(2n ** 25n)]],
      result: NULL,
      errors: OF_OPERATIONS,
      ...SIGNING,
      run: setInterval,
    }),
  };
}

export function miningStateMethods(prefix: "anvil" | "hardhat", deps: ControlDeps): Record<string, RpcMethod> {
  const { isAuto, interval } = modes(deps);
  const getAutomine = method({
    summary: "whether a block comes as soon as a transaction waits",
    params: [],
    result: BOOLEAN,
    open: true,
    run: isAuto,
  });
  if (prefix === "hardhat") return { hardhat_getAutomine: getAutomine };
  const getInterval = method({
    summary: "seconds between blocks that come by themselves; null where none do",
    params: [],
    result: nullable(NUMBER),
    run: interval,
  });
  return { anvil_getAutomine: getAutomine, anvil_getIntervalMining: getInterval };
}
