/** Kind 3: the chain's clock, moved or set. A timestamp that waits for the next block is given up when it is set. */
import type { Bytes } from "@noema/core/ports/bytes";
import { BooleanType, ContainerType, decodeSsz, UintBigintType } from "@noema/core/types/ssz";
import type { Journal } from "../state/journal.ts";
import { MAX_CLOCK_MS } from "./control-limits.ts";
import { readNext, writeNext } from "./controls.ts";
import type { Moment } from "./moment.ts";
import { OUTCOME, type Outcome } from "./outcomes.ts";

const clockType = new ContainerType(
  { add: new BooleanType(), ms: new UintBigintType(8), negative: new BooleanType() },
  { typeName: "ClockOperation" },
);
/** `add`: to what it shows; else it shows this from the height on. */
export type MoveClock = { add: boolean; ms: bigint; negative: boolean };

export function encodeClock(move: MoveClock): Bytes {
  return clockType.serialize(move);
}

/** Throws SSZ_INVALID. */
export function decodeClock(body: Bytes): MoveClock {
  return decodeSsz(clockType, body);
}

export function applyClock(journal: Journal, { add, ms, negative }: MoveClock, { timestampMs }: Moment): Outcome {
  const next = readNext(journal);
  const by = negative ? -ms : ms;
  const offsetMs = add ? next.offsetMs + by : by - BigInt(timestampMs);
  const clockMs = BigInt(timestampMs) + offsetMs;
  if (clockMs < 0n || clockMs > MAX_CLOCK_MS) return OUTCOME.outOfRange;
  writeNext(journal, { ...next, offsetMs, timestamp: add ? next.timestamp : undefined });
  return OUTCOME.done;
}
