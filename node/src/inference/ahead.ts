/**
 * Inferences before a block asks for them: candidates run against the newest state until they come to a result that is not there, what
 * all of them lack is computed by model, and they run again. A wrong guess costs time here and nothing else: gas and bytes are the same.
 */
import { type Bytes, type Hash, toHex } from "@noema/core/bytes";
import type { Candidate } from "./candidates.ts";

/** What a run came to and does not have; `units` of its computation. */
export type Missing = { model: Hash; input: Bytes; units: number };

export type AheadDeps = {
  /** Undefined: it ran to its end. */
  run(candidate: Candidate): Promise<Missing | undefined>;
  /** Results are there when it resolves. Rejects where they will not be. */
  infer(model: Hash, inputs: readonly Bytes[]): Promise<void>;
};

/** `tried` is told of its first run, and no more listens. */
type Waiting = { candidate: Candidate; tried(inferred: boolean): void };

export type Ahead = {
  /** Resolves, when each was run once or passed over, with the indices of those that came to an inference. */
  offer(candidates: readonly Candidate[]): Promise<number[]>;
  /** A block became `latest`: budgets begin anew. */
  renew(): void;
  counts: { offered: number; ran: number; inferred: number; passedOver: number };
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
};

/** Candidates that wait; the newcomer is passed over. */
const MOST_WAITING = 1024;
/** Run in turn before what they lack is computed together. */
const GROUP = 256;
/** Inferences of one transaction, each after the one before. */
const MOST_ROUNDS = 8;
/** Of a sender between two blocks; a transaction's own cap. What was replaced is not given back. */
const SENDER_UNITS = 1_000_000_000;
/** Of all senders: some seconds of a core. */
const ALL_UNITS = 40_000_000_000;

export function createAhead({ run, infer }: AheadDeps): Ahead {
  const counts = { offered: 0, ran: 0, inferred: 0, passedOver: 0 };
  const waiting: Waiting[] = [];
  let spent = new Map<string, number>();
  let spentByAll = 0;
  let working = Promise.resolve();
  let isWorking = false;

  function pay({ sender }: Candidate, { units }: Missing): boolean {
    const key = toHex(sender);
    const sum = (spent.get(key) ?? 0) + units;
    if (sum > SENDER_UNITS || spentByAll + units > ALL_UNITS) return false;
    spent.set(key, sum);
    spentByAll += units;
    return true;
  }

  /** Returns those that go on. */
  async function round(candidates: readonly Waiting[]): Promise<Waiting[]> {
    const byModel = new Map<string, { model: Hash; inputs: Map<string, Bytes>; of: Waiting[] }>();
    for (const one of candidates) {
      const { candidate } = one;
      const missing = await run(candidate).catch(() => undefined); // it could not be sent, or its state is gone
      counts.ran++;
      one.tried(missing !== undefined);
      if (missing === undefined) continue;
      if (!pay(candidate, missing)) {
        counts.passedOver++;
        continue;
      }
      const key = toHex(missing.model);
      const group = byModel.get(key) ?? { model: missing.model, inputs: new Map(), of: [] as Waiting[] };
      byModel.set(key, group);
      group.inputs.set(toHex(missing.input), missing.input);
      group.of.push(one);
    }
    const groups = [...byModel.values()].map(async ({ model, inputs, of }) => {
      try {
        await infer(model, [...inputs.values()]);
        counts.inferred += inputs.size;
        return of;
      } catch {
        return []; // whoever executes computes them
      }
    });
    return (await Promise.all(groups)).flat();
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      let group = waiting.splice(0, GROUP);
      for (let i = 0; i < MOST_ROUNDS && group.length > 0; i++) group = await round(group);
    }
    isWorking = false;
  }

  return {
    counts,
    async offer(candidates) {
      counts.offered += candidates.length;
      const taken = candidates.slice(0, Math.max(0, MOST_WAITING - waiting.length));
      counts.passedOver += candidates.length - taken.length;
      const tries = taken.map((candidate) => new Promise<boolean>((tried) => waiting.push({ candidate, tried })));
      if (!isWorking && waiting.length > 0) {
        isWorking = true;
        working = work();
      }
      const inferred = await Promise.all(tries);
      return inferred.flatMap((x, i) => (x ? [i] : []));
    },
    renew() {
      spent = new Map();
      spentByAll = 0;
    },
    idle: () => working,
  };
}
