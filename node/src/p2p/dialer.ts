/** Keeps the static peers connected: dials, and dials again with growing pauses, for as long as the node runs. */
import type { Clock } from "@noema/core/ports/clock";
import type { Random } from "@noema/core/ports/random";

const FIRST_PAUSE_MS = 250;
/** With what follows, under the 5 s within which a peer's reason is known when it has become another. */
const LAST_PAUSE_MS = 3000;
/** An attempt that takes longer is told of before it ends, which may take several times as long. */
const SLOW_MS = 1500;
const COURTESY_MS = 200; // the peer with the greater id lets the other dial first, so that there is mostly one connection

export type DialerDeps = {
  clock: Clock;
  random: Random;
  selfId: string;
  connected(id: string): boolean;
  /** How long to stay away from a peer that misbehaved. */
  bannedMs(id: string): number;
  /** Resolves when the connection is authenticated or has failed. */
  dial(id: string): Promise<void>;
  /** An attempt ended without a session. */
  failed(id: string, reason: unknown): void;
  /** An attempt takes its time. */
  waits(id: string): void;
};

export type Dialer = { start(): void; stop(): void /** The peer's connection ended. */; lost(id: string): void };

export function createDialer(ids: readonly string[], deps: DialerDeps): Dialer {
  const timers = new Map<string, () => void>();
  const pauses = new Map<string, number>();
  const dialing = new Set<string>();
  let running = false;

  function plan(id: string, ms: number): void {
    if (!running || timers.has(id) || dialing.has(id)) return;
    timers.set(
      id,
      deps.clock.after(ms, () => {
        timers.delete(id);
        void attempt(id);
      }),
    );
  }
  async function attempt(id: string): Promise<void> {
    if (!running) return;
    if (deps.connected(id)) return void pauses.delete(id);
    const banned = deps.bannedMs(id);
    if (banned > 0) return plan(id, banned);
    dialing.add(id);
    const cancel = deps.clock.after(SLOW_MS, () => running && deps.waits(id));
    const reason: unknown = await deps.dial(id).catch((error) => error);
    cancel();
    dialing.delete(id);
    if (deps.connected(id)) return void pauses.delete(id);
    if (running) deps.failed(id, reason);
    plan(id, nextPause(id));
  }
  /** Doubles, with up to a quarter off, so that nodes started together do not dial together for ever. */
  function nextPause(id: string): number {
    const pause = pauses.get(id) ?? FIRST_PAUSE_MS;
    pauses.set(id, Math.min(2 * pause, LAST_PAUSE_MS));
    return pause * (1 - (deps.random.bytes(1)[0] as number) / 1024);
  }
  return {
    start() {
      running = true;
      for (const id of ids) plan(id, deps.selfId < id ? 0 : COURTESY_MS);
    },
    stop() {
      running = false;
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
    lost(id) {
      if (ids.includes(id)) plan(id, nextPause(id));
    },
  };
}
