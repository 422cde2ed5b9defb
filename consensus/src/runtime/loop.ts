/**
 * The loop around the engine (threads.md 3). One turn: step every waiting event, append the records of all its Persist effects in order,
 * start what need not wait (checks, drafts, questions, the timer), fsync once, and only then carry out the rest in order. Votes
 * are signed while the disk works, and no signature leaves before its record is durable. When the log cannot be synced nothing
 * more is ever carried out.
 */
import type { Clock } from "@noema/core/ports/clock";
import type { Effect, Event, LogRecord } from "../engine/events.ts";
import type { NewEvent } from "./event-queue.ts";

type Persist = Extract<Effect, { type: "Persist" }>;
export type LaterEffect = Exclude<Effect, Persist>;
export type SignAndSend = Extract<Effect, { type: "SignAndSend" }>;

export type LoopDeps = {
  clock: Clock;
  step(event: Event): Effect[];
  takeAll(): NewEvent[];
  append(records: readonly LogRecord[]): void;
  sync(): Promise<void>;
  carryOut(effect: LaterEffect): void;
  /** Makes the signature that `carryOut` will send. */
  sign(effect: SignAndSend): void;
  /** As soon as step returned it, before the barrier and in order: later checks must know of it. */
  finalizing(effect: Extract<Effect, { type: "Finalize" }>): void;
  /** A turn is over. */
  turned(): void;
  /** The log failed, or the engine threw: the loop has ended for good. */
  failed(error: unknown): void;
};

const NOT_BEHIND_THE_BARRIER: ReadonlySet<Effect["type"]> = new Set(["Verify", "VerifyCerts", "Validate", "Draft", "Fetch", "SetTimer"]);

export type Loop = {
  /** Runs turns until no event waits. */
  wake(): void;
  /** Resolves when the turn under way is over; no other begins. */
  stop(): Promise<void>;
};

export function createLoop(deps: LoopDeps): Loop {
  let running: Promise<void> | undefined;
  let stopped = false;

  async function run(): Promise<void> {
    await undefined; // what is pushed in this microtask joins the turn
    try {
      while (!stopped) {
        const events = deps.takeAll();
        if (events.length === 0) return;
        const effects: Effect[] = [];
        for (const event of events) effects.push(...deps.step({ ...event, nowMs: deps.clock.nowMs() } as Event));
        await carryOutAll(effects);
        deps.turned();
      }
    } catch (error) {
      stopped = true;
      deps.failed(error);
    } finally {
      running = undefined;
    }
  }

  async function carryOutAll(effects: readonly Effect[]): Promise<void> {
    const waiting: LaterEffect[] = [];
    let records = 0;
    for (const effect of effects) {
      if (effect.type === "Persist") {
        deps.append(effect.records);
        records += effect.records.length;
      } else if (NOT_BEHIND_THE_BARRIER.has(effect.type)) deps.carryOut(effect);
      else {
        if (effect.type === "Finalize") deps.finalizing(effect);
        waiting.push(effect);
      }
    }
    if (records > 0) {
      const synced = deps.sync();
      await undefined; // the write is under way
      for (const effect of waiting) if (effect.type === "SignAndSend") deps.sign(effect);
      await synced;
    }
    for (const effect of waiting) deps.carryOut(effect);
  }

  function wake(): void {
    if (!stopped) running ??= run();
  }
  return {
    wake,
    async stop() {
      stopped = true;
      await running;
    },
  };
}
