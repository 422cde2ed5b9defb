/** What finality is measured under, one after another on one network; the first is what the others are held against. */
import { inference } from "../load/scenarios/inference.ts";
import type { Scenario } from "../load/scenarios/scenario.ts";
import { transfers } from "../load/scenarios/transfers.ts";

export type Phase = {
  name: string;
  scenario: Scenario;
  /** Transactions a second. */
  rate: number;
  /** Endless calls on the way at every validator. */
  calls: number;
  /** Absent: as long as the blocks take that are wanted. */
  seconds?: number;
  /** What goes on meanwhile at these validators, once. */
  beside?(urls: readonly string[]): Promise<void>;
  /** What percentiles of the time until a transaction is final may be of idle's. */
  limits: Partial<Record<"p50" | "p90" | "p99" | "max", number>>;
};

/** Of a probe that is no load: one transfer at a time. */
const IDLE_RATE = 2;
const CALLS = 8;
const LIMITS = { p99: 1.5 };

/** `rate`: inferences a second, so many that a block has what is wanted of it. */
export function phasesOf(rate: number): Phase[] {
  return [
    { name: "idle", scenario: transfers, rate: IDLE_RATE, calls: 0, limits: {} },
    { name: "inferences", scenario: inference, rate, calls: 0, limits: LIMITS },
    { name: `inferences, ${CALLS} endless calls at every validator`, scenario: inference, rate, calls: CALLS, limits: LIMITS },
  ];
}
