/** The chain's clock and the timestamps of its blocks, under anvil's names and Hardhat's. Seconds. */
import { encodeClock } from "@noema/execution/system/clock";
import { KIND } from "@noema/execution/system/kinds";
import { encodeNext, NO_INTERVAL, type SetNext } from "@noema/execution/system/next";
import { OF_OPERATIONS } from "../ethereum/error-sets.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { amount } from "../json-rpc/parsers.ts";
import { BOOLEAN, INTEGER, NULL } from "../json-rpc/schema.ts";
import type { ControlDeps } from "./deps.ts";
import { operate, SIGNING } from "./operate.ts";

const MAX_SECONDS = 2n ** 48n;
/** Above it a time is given in milliseconds, as anvil reads it: in seconds it would be the year 5138. */
const LEAST_MS = 10n ** 11n;

const seconds = amount(MAX_SECONDS);
const told = { errors: OF_OPERATIONS, ...SIGNING };

function timeActions({ operations, chain, clock }: ControlDeps) {
  const offsetMs = () => chain.controls()?.offsetMs ?? 0n;
  const setNext = (next: SetNext) => operate(operations, KIND.next, encodeNext(next));
  return {
    /** Answers the whole offset. */
    async increase(by: bigint): Promise<number> {
      await operate(operations, KIND.clock, encodeClock({ add: true, ms: by * 1000n, negative: false }));
      return Number(offsetMs() / 1000n);
    },
    /** Answers how far it goes on by that; 0 where it goes back. */
    async set(to: bigint): Promise<number> {
      const ms = to >= LEAST_MS ? to : to * 1000n;
      const ahead = ms - BigInt(Math.floor(clock.nowMs())) - offsetMs();
      await operate(operations, KIND.clock, encodeClock({ add: false, ms, negative: false }));
      return ahead > 0n ? Number(ahead / 1000n) : 0;
    },
    setNext: (timestamp: bigint) => setNext({ timestamp }).then(() => null),
    setInterval: (timestampInterval: bigint) => setNext({ timestampInterval }).then(() => null),
    /** Answers whether there was one. */
    async removeInterval(): Promise<boolean> {
      if (chain.controls()?.timestampInterval === undefined) return false;
      await setNext({ timestampInterval: NO_INTERVAL });
      return true;
    },
  };
}

/** Names that anvil and Hardhat share; `prefix` anvil has further ones. */
export function timeMethods(prefix: "evm" | "anvil", deps: ControlDeps): Record<string, RpcMethod> {
  const { increase, set, setNext, setInterval, removeInterval } = timeActions(deps);
  const timestamp = ["timestamp", amount(MAX_SECONDS * 1000n)] as const;
  const shared = {
    [`${prefix}_increaseTime`]: method({
      ...told,
      summary: "the clock goes on by so much; seconds that it is ahead",
      params: [["seconds", seconds]],
      result: { type: "integer" },
      run: increase,
    }),
    [`${prefix}_setTime`]: method({
      ...told,
      summary: "sets the clock, in seconds or milliseconds; seconds that it goes on by that",
      params: [timestamp],
      result: INTEGER,
      run: set,
    }),
    [`${prefix}_setNextBlockTimestamp`]: method({
      ...told,
      summary: "the next block's timestamp, from which the clock goes on",
      params: [["timestamp", seconds]],
      result: NULL,
      errors: [...OF_OPERATIONS, "DEV_TIME_BACKWARDS"],
      run: setNext,
    }),
  };
  if (prefix === "evm") return shared;
  return {
    ...shared,
    anvil_setBlockTimestampInterval: method({
      ...told,
      summary: "seconds between the timestamps of blocks, whenever they come",
      params: [["seconds", seconds]],
      result: NULL,
      run: setInterval,
    }),
    anvil_removeBlockTimestampInterval: method({
      ...told,
      summary: "timestamps follow the clock again; whether they did not",
      params: [],
      result: BOOLEAN,
      run: removeInterval,
    }),
  };
}
