/** The kinds of operation by number. Numbers are part of the protocol: never reuse one. */
import { isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Journal } from "../state/journal.ts";
import { decodeOperation } from "./operation.ts";
import { OUTCOME, type Outcome } from "./outcomes.ts";
import { applySet, decodeSet } from "./set.ts";

export const KIND = { set: 1 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

type Decoded = { apply(journal: Journal): Outcome };

const DECODE: Readonly<Record<number, (body: Bytes) => Decoded>> = {
  [KIND.set](body) {
    const set = decodeSet(body);
    return { apply: (journal) => applySet(journal, set) };
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

export function applyOperation(journal: Journal, data: Bytes): Outcome {
  return readOperation(data)?.apply(journal) ?? OUTCOME.malformed;
}
