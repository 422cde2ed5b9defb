/**
 * The loop around the engine (threads.md 3). One turn: step every waiting event, append the records of all its Persist effects in order,
 * start what need not wait (checks, drafts, questions, the timer), and begin one fsync if anything waits for it. What waits is
 * carried out once its turn's records, and all before it, are durable; meanwhile turns go on. So an own vote is signed, and counted here,
 * while the disk works, and no signature leaves before its record is durable. When the log cannot be synced nothing more is ever
 * carried out.
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
  /** Whether anybody else is told of the vote: a lone validator's waits for nothing, what comes of it does. */
  isSent(effect: SignAndSend): boolean;
  /** Makes the signature that `carryOut` will send, and counts the vote. */
  sign(effect: SignAndSend): void;
  /** As soon as step returned it, before the barrier and in order: later checks must know of it. */
  finalizing(effect: Extract<Effect, { type: "Finalize" }>): void;
  /** A turn is over. */
  turned(): void;
  /** The log failed, or the engine threw: the loop has ended for good. */
  failed(error: unknown): void;
};

const NOT_BEHIND_THE_BARRIER: ReadonlySet<Effect["type"]> = new Set(["Verify", "VerifyCerts", "Validate", "Draft", "Fetch", "SetTimer"]);

/** Turns that may wait for the disk at once; while it hangs no more are made. */
const MAX_WAITING = 64;

export type Loop = {
  /** Runs turns until no event waits. */
  wake(): void;
  /** Resolves when all that has been stepped is durable. */
  durable(): Promise<void>;
  /** Resolves when the turn under way is over, and what waits for the disk is carried out; no other begins. */
  stop(): Promise<void>;
};

export function createLoop(deps: LoopDeps): Loop {
  let running: Promise<void> | undefined;
  let stopped = false;
  let halted = false;
  /** Records were appended since the last sync began. */
  let unsynced = false;
  /** What the turns until now left waiting is carried out; never rejects. */
  let behind: Promise<void> = Promise.resolve();
  let turnsWaiting = 0;

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
        if (turnsWaiting >= MAX_WAITING) await behind;
      }
    } catch (error) {
      halt(error);
    } finally {
      running = undefined;
    }
  }

  function halt(error: unknown): void {
    if (halted) return;
    halted = stopped = true;
    deps.failed(error);
  }

  async function carryOutAll(effects: readonly Effect[]): Promise<void> {
    const waiting: LaterEffect[] = [];
    const votes: SignAndSend[] = [];
    for (const effect of effects) {
      if (effect.type === "Persist") {
        deps.append(effect.records);
        unsynced ||= effect.records.length > 0;
      } else if (NOT_BEHIND_THE_BARRIER.has(effect.type)) deps.carryOut(effect);
      else {
        if (effect.type === "Finalize") deps.finalizing(effect);
        if (effect.type === "SignAndSend") votes.push(effect);
        if (effect.type !== "SignAndSend" || deps.isSent(effect)) waiting.push(effect);
      }
    }
    if (waiting.length > 0) {
      carryOutWhenDurable(waiting);
      await undefined; // the write is under way
    }
    for (const effect of votes) deps.sign(effect);
  }

  function carryOutWhenDurable(waiting: readonly LaterEffect[]): void {
    turnsWaiting++;
    behind = Promise.all([behind, sync()])
      .then(() => {
        turnsWaiting--;
        if (!halted) for (const effect of waiting) deps.carryOut(effect);
      })
      .catch(halt);
  }

  async function sync(): Promise<void> {
    if (!unsynced) return;
    unsynced = false;
    await deps.sync();
  }

  function wake(): void {
    if (!stopped) running ??= run();
  }
  return {
    wake,
    async durable() {
      carryOutWhenDurable([]);
      await behind;
    },
    async stop() {
      stopped = true;
      await running;
      await behind;
    },
  };
}
