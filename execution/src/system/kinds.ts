/** The kinds of operation by number. Numbers are part of the protocol: never reuse one. */
import { isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Journal } from "../state/journal.ts";
import { decodeChunk } from "./chunk.ts";
import { applyClock, decodeClock } from "./clock.ts";
import { applyImpersonate, decodeImpersonate } from "./impersonate.ts";
import { applyLoad, decodeLoad } from "./load.ts";
import { applyMine, decodeMine } from "./mine.ts";
import { applyMining, decodeMining } from "./mining.ts";
import { applyNext, decodeNext } from "./next.ts";
import { decodeOperation } from "./operation.ts";
import { OUTCOME, type Outcome } from "./outcomes.ts";
import type { Effect, Place } from "./place.ts";
import { applyRevert, decodeRevert, type RevertTo } from "./revert.ts";
import { applySet, decodeSet } from "./set.ts";
import { applySnapshot } from "./snapshot.ts";

export const KIND = { set: 1, next: 2, clock: 3, mining: 4, mine: 5, impersonate: 6, snapshot: 7, revert: 8, chunk: 9, load: 10 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

type Decoded = { apply(journal: Journal, place: Place): Outcome | Effect };

/** undefined: no body of that kind. */
const DECODE: Readonly<Record<number, (body: Bytes) => Decoded | undefined>> = {
  [KIND.set](body) {
    const set = decodeSet(body);
    return { apply: (journal) => applySet(journal, set) };
  },
  [KIND.impersonate](body) {
    const impersonate = decodeImpersonate(body);
    return { apply: (journal) => applyImpersonate(journal, impersonate) };
  },
  [KIND.snapshot]: (body) => (body.length === 0 ? { apply: applySnapshot } : undefined),
  [KIND.revert](body) {
    const to = decodeRevert(body);
    return to && { apply: (journal, place) => applyRevert(journal, to, place) };
  },
  [KIND.next](body) {
    const next = decodeNext(body);
    return { apply: (journal, moment) => applyNext(journal, next, moment) };
  },
  [KIND.mining](body) {
    const mining = decodeMining(body);
    return { apply: (journal) => applyMining(journal, mining) };
  },
  [KIND.mine](body) {
    const mine = decodeMine(body);
    return { apply: (journal, place) => applyMine(journal, mine, place) };
  },
  [KIND.chunk](body) {
    const data = decodeChunk(body);
    return {
      apply(_, { id, staging }) {
        return staging.stage(id, data) ? OUTCOME.done : OUTCOME.stagedFull;
      },
    };
  },
  [KIND.load](body) {
    const load = decodeLoad(body);
    return { apply: (journal, place) => applyLoad(journal, load, place) };
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

export function applyOperation(journal: Journal, data: Bytes, place: Place): Effect {
  const gave = readOperation(data)?.apply(journal, place) ?? OUTCOME.malformed;
  return typeof gave === "number" ? { outcome: gave } : gave;
}

/** What operations that are done did to the chain itself: snapshots of these ids, and the way back, if there was one. */
export function chainChanges(operations: readonly { data: Bytes; outcome: Outcome; value?: number }[]): {
  taken: number[];
  backTo: RevertTo | undefined;
} {
  const done = operations.filter((x) => x.outcome === OUTCOME.done).map(({ data, value }) => ({ ...decodeOperation(data), value }));
  const revert = done.find((x) => x.kind === KIND.revert);
  return {
    taken: done.filter((x) => x.kind === KIND.snapshot).map((x) => x.value as number),
    backTo: revert && decodeRevert(revert.body),
  };
}
