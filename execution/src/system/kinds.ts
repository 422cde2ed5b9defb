/** The kinds of operation by number. Numbers are part of the protocol: never reuse one. */
import { isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Journal } from "../state/journal.ts";
import { applyClock, decodeClock } from "./clock.ts";
import type { Moment } from "./moment.ts";
import { applyNext, decodeNext } from "./next.ts";
import { decodeOperation } from "./operation.ts";
import { OUTCOME, type Outcome } from "./outcomes.ts";
import { applySet, decodeSet } from "./set.ts";

export const KIND = { set: 1, next: 2, clock: 3 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

type Decoded = { apply(journal: Journal, moment: Moment): Outcome };

const DECODE: Readonly<Record<number, (body: Bytes) => Decoded>> = {
  [KIND.set](body) {
    const set = decodeSet(body);
    return { apply: (journal) => applySet(journal, set) };
  },
  [KIND.next](body) {
    const next = decodeNext(body);
    return { apply: (journal, moment) => applyNext(journal, next, moment) };
  },
  [KIND.clock](body) {
    const move = decodeClock(body);
    return { apply: (journal, moment) => applyClock(journal, move, moment) };
  },
};

/** undefined: no operation, or of an unknown kind. */
export function readOperation(data: Bytes): Decoded | undefined {
  try {
    const { kind, body } = decodeOperation(data);
    return DECODE[kind]?.(body);
  } catch (error) {
    if (isNoemaError(error, "SSZ_INVALID")) return undefined;
    throw error;
  }
}

export function applyOperation(journal: Journal, data: Bytes, moment: Moment): Outcome {
  return readOperation(data)?.apply(journal, moment) ?? OUTCOME.malformed;
}
