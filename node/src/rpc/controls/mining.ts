/** Blocks that are asked for, and when they come by themselves, under anvil's names and Hardhat's. */
import { isNoemaError } from "@noema/core/errors";
import { encodeClock } from "@noema/execution/system/clock";
import type { Mining } from "@noema/execution/system/controls";
import { KIND } from "@noema/execution/system/kinds";
import { encodeMining } from "@noema/execution/system/mining";
import { encodeNext, type SetNext } from "@noema/execution/system/next";
import { mineOnce } from "../../chain/mine.ts";
import { rpcError } from "../errors.ts";
import { method, type Parser, type RpcMethod } from "../json-rpc/method.ts";
import { amount, boolean, object, optional } from "../json-rpc/parsers.ts";
import { either } from "../json-rpc/schema.ts";
import type { ControlDeps } from "./deps.ts";
import { ended, operate, SIGNING } from "./operate.ts";

/** Some minutes of work: beyond, a caller rather meant a time. */
const MAX_BLOCKS = 2 ** 24;
const MAX_SECONDS = 2n ** 48n;

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
  const run = (options: MineOptions) => mineAsAsked(deps, options).then(() => "0x0");
  return { evm_mine: method([["options", optional(mineOptions, {})]], run, SIGNING) };
}

/** The clock goes on by `interval` seconds before each block, the first too. By 0, which viem says where its caller says nothing: as it goes. */
export function anvilMineMethod(deps: ControlDeps): Record<string, RpcMethod> {
  async function run(count: bigint, interval: bigint): Promise<null> {
    if (interval === 0n || count === 0n) return mine(deps, count).then(() => null);
    await operate(deps.operations, KIND.clock, encodeClock({ add: true, ms: interval * 1000n, negative: false }));
    return mine(deps, count, interval).then(() => null);
  }
  return { anvil_mine: method([blocks, ["interval", optional(seconds, 0n)]], run, SIGNING) };
}

/** One second between blocks where nothing is said; the first comes when it comes. */
export function hardhatMineMethod(deps: ControlDeps): Record<string, RpcMethod> {
  const run = (count: bigint, interval: bigint) => mine(deps, count, interval).then(() => true);
  return { hardhat_mine: method([blocks, ["interval", optional(seconds, 1n)]], run, SIGNING) };
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
    [`${prefix}_setAutomine`]: method([["automine", boolean]], setAuto, SIGNING),
    [`${prefix}_setIntervalMining`]: method([["seconds", amount(2n ** 25n)]], setInterval, SIGNING),
  };
}

export function miningStateMethods(prefix: "anvil" | "hardhat", deps: ControlDeps): Record<string, RpcMethod> {
  const { isAuto, interval } = modes(deps);
  const automine = { [`${prefix}_getAutomine`]: method([], isAuto, { open: true }) };
  return prefix === "hardhat" ? automine : { ...automine, anvil_getIntervalMining: method([], interval) };
}
