/** How an operation ended, as `systemRoot` commits it. Numbers are part of the protocol: never reuse one. */
import type { errors } from "../errors.ts";

export const OUTCOME = {
  done: 0,
  malformed: 1,
  nonceTooHigh: 2,
  reservedAddress: 3,
  timeBackwards: 4,
  outOfRange: 5,
  notDue: 6,
  stagedUnknown: 7,
  busy: 8,
  snapshotUnknown: 9,
  numberUnknown: 10,
  historyGone: 11,
  dumpMalformed: 12,
  dumpChecksum: 13,
  stagedFull: 14,
  dumpTooLarge: 15,
} as const;
export type Outcome = (typeof OUTCOME)[keyof typeof OUTCOME];

type Refusal = Exclude<Outcome, typeof OUTCOME.done>;

/** What one that had no effect is called where people see it. */
export const REFUSALS = {
  [OUTCOME.malformed]: "DEV_MALFORMED",
  [OUTCOME.nonceTooHigh]: "DEV_NONCE_TOO_HIGH",
  [OUTCOME.reservedAddress]: "DEV_RESERVED_ADDRESS",
  [OUTCOME.timeBackwards]: "DEV_TIME_BACKWARDS",
  [OUTCOME.outOfRange]: "DEV_OUT_OF_RANGE",
  [OUTCOME.notDue]: "DEV_NOT_DUE",
  [OUTCOME.stagedUnknown]: "DEV_STAGED_UNKNOWN",
  [OUTCOME.busy]: "DEV_BUSY",
  [OUTCOME.snapshotUnknown]: "DEV_SNAPSHOT_UNKNOWN",
  [OUTCOME.numberUnknown]: "DEV_NUMBER_UNKNOWN",
  [OUTCOME.historyGone]: "DEV_HISTORY_GONE",
  [OUTCOME.dumpMalformed]: "DEV_DUMP_MALFORMED",
  [OUTCOME.dumpChecksum]: "DEV_DUMP_CHECKSUM",
  [OUTCOME.stagedFull]: "DEV_STAGED_FULL",
  [OUTCOME.dumpTooLarge]: "DEV_DUMP_TOO_LARGE",
} as const satisfies Record<Refusal, keyof typeof errors>;
