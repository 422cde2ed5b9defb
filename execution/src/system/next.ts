/** Kind 2: what the blocks after this one are made with. What is not given stays. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { ByteVectorType, ContainerType, decodeSsz, ListBasicType, ListCompositeType, UintBigintType } from "@noema/core/types/ssz";
import type { Journal } from "../state/journal.ts";
import { MAX_BASE_FEE, MAX_GAS_LIMIT, MAX_SECONDS } from "./control-limits.ts";
import { readNext, writeNext } from "./controls.ts";
import type { Moment } from "./moment.ts";
import { OUTCOME, type Outcome } from "./outcomes.ts";

const u64 = new UintBigintType(8);
const nextType = new ContainerType(
  {
    timestamp: new ListBasicType(u64, 1),
    baseFee: new ListBasicType(new UintBigintType(32), 1),
    prevRandao: new ListCompositeType(new ByteVectorType(32), 1),
    coinbase: new ListCompositeType(new ByteVectorType(20), 1),
    gasLimit: new ListBasicType(u64, 1),
    timestampInterval: new ListBasicType(u64, 1),
  },
  { typeName: "NextOperation" },
);

/** `timestamp`, `baseFee`, `prevRandao`: of the next whole block; the others until they are changed. `timestampInterval` 2^64 - 1: none. */
export type SetNext = {
  timestamp?: bigint;
  baseFee?: bigint;
  prevRandao?: Hash;
  coinbase?: Bytes;
  gasLimit?: bigint;
  timestampInterval?: bigint;
};

export const NO_INTERVAL = 2n ** 64n - 1n;

export function encodeNext(next: SetNext): Bytes {
  const list = <T>(value: T | undefined) => (value === undefined ? [] : [value]);
  return nextType.serialize({
    timestamp: list(next.timestamp),
    baseFee: list(next.baseFee),
    prevRandao: list(next.prevRandao),
    coinbase: list(next.coinbase),
    gasLimit: list(next.gasLimit),
    timestampInterval: list(next.timestampInterval),
  });
}

/** Throws SSZ_INVALID. */
export function decodeNext(body: Bytes): SetNext {
  const { timestamp, baseFee, prevRandao, coinbase, gasLimit, timestampInterval } = decodeSsz(nextType, body);
  return {
    timestamp: timestamp[0],
    baseFee: baseFee[0],
    prevRandao: prevRandao[0],
    coinbase: coinbase[0],
    gasLimit: gasLimit[0],
    timestampInterval: timestampInterval[0],
  };
}

export function applyNext(journal: Journal, next: SetNext, { newest }: Moment): Outcome {
  if (next.timestamp !== undefined && next.timestamp < newest.timestamp) return OUTCOME.timeBackwards;
  const interval = next.timestampInterval === NO_INTERVAL ? undefined : next.timestampInterval;
  if ((next.timestamp ?? 0n) > MAX_SECONDS || (interval ?? 0n) > MAX_SECONDS) return OUTCOME.outOfRange;
  if ((next.baseFee ?? 0n) > MAX_BASE_FEE || (next.gasLimit ?? 0n) > MAX_GAS_LIMIT) return OUTCOME.outOfRange;
  const given = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
  const controls = { ...readNext(journal), ...given };
  if (controls.timestampInterval === NO_INTERVAL) controls.timestampInterval = undefined;
  writeNext(journal, controls);
  return OUTCOME.done;
}
