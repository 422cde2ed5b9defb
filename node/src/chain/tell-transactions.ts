/**
 * Who is told of what a client sent here (decision 0045): the sender's home at once, with all that came in the same turn of the event loop;
 * everybody, where the home is not connected, or where it stands in no batch after a second. Homes move with the epoch.
 */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Network } from "@noema/core/ports/network";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { addOne } from "@noema/execution/pool/add-one";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { FOR_ALL, FOR_THE_HOME, packTransactions } from "./transaction-frames.ts";

/** More than a home takes to cut a batch and to have it certified, under load as well. */
export const HOME_HAS_MS = 1000;

export type Homes = {
  /** undefined: not known yet. */
  of(sender: Bytes): PublicKeyHex | undefined;
  /** This node's key, where it is a validator's. */
  self: PublicKeyHex | undefined;
};

/** `raw`: what goes on chain; a blob sidecar stays here. `atMs`: when it was told. */
type Told = { hash: Hash; raw: Bytes; atMs: number; home: PublicKeyHex | undefined };

export type Teller = {
  /** The pool as clients use it. */
  pool: Pool;
  /** Homes have moved: what was told a short while ago is told to the new ones. */
  moved(): void;
  stop(): void;
};

export function tellTransactions(pool: Pool, network: Network, homes: Homes, clock: Clock): Teller {
  /** Of this turn. */
  let fresh: Told[] = [];
  /** Told to their homes alone, in their order. */
  let waiting: Told[] = [];
  let cancel: (() => void) | undefined;

  const isIdle = ({ hash }: Told) => pool.get(hash)?.inFlight === false;

  function tellAll(all: readonly Told[]): void {
    for (const frame of packTransactions(all.map(({ raw }) => raw))) network.publish(FOR_ALL, frame);
  }

  /** False: it could not be told. */
  function tellHome(home: PublicKeyHex | undefined, raws: readonly Bytes[]): boolean {
    if (home !== undefined && home === homes.self) return true;
    const peer = home && network.peers().find(({ publicKey }) => publicKey === home);
    return !!peer && packTransactions(raws).every((frame) => network.tell(peer.id, FOR_THE_HOME, frame));
  }

  function tellHomes(all: readonly Told[]): void {
    for (const [home, own] of Map.groupBy(all, (x) => x.home)) {
      if (
        tellHome(
          home,
          own.map(({ raw }) => raw),
        )
      )
        waiting.push(...own); // biome-ignore format: one line
      else tellAll(own);
    }
    plan();
  }

  function homeOf(hash: Hash): PublicKeyHex | undefined {
    const sender = pool.get(hash)?.sender;
    return sender && homes.of(sender);
  }

  function tellFresh(): void {
    const all = fresh;
    fresh = [];
    tellHomes(all);
  }

  function plan(): void {
    const [oldest] = waiting;
    if (oldest !== undefined) cancel ??= clock.after(oldest.atMs + HOME_HAS_MS - clock.nowMs(), tellOverdue);
  }

  function tellOverdue(): void {
    cancel = undefined;
    const untilMs = clock.nowMs() - HOME_HAS_MS;
    const left = waiting.findIndex(({ atMs }) => atMs > untilMs);
    tellAll(waiting.splice(0, left < 0 ? waiting.length : left).filter(isIdle));
    plan();
  }

  const addAll: Pool["addAll"] = async (raws, origin) => {
    const outcomes = await pool.addAll(raws, origin);
    if (network.peers().length === 0) return outcomes; // a lone validator's have nobody to be told to
    const atMs = clock.nowMs();
    for (const [i, x] of outcomes.entries()) {
      if ("error" in x) continue;
      if (fresh.length === 0) setImmediate(tellFresh);
      fresh.push({ hash: x.hash, raw: pool.get(x.hash)?.tx.raw ?? (raws[i] as Bytes), atMs, home: homeOf(x.hash) });
    }
    return outcomes;
  };
  return {
    pool: { ...pool, addAll, add: (raw, origin) => addOne(addAll, raw, origin) },
    moved() {
      const [idle, atMs] = [waiting.filter(isIdle), clock.nowMs()];
      const hasMoved = (x: Told) => homeOf(x.hash) !== x.home;
      waiting = idle.filter((x) => !hasMoved(x));
      tellHomes(idle.filter(hasMoved).map((x) => ({ ...x, atMs, home: homeOf(x.hash) })));
    },
    stop: () => cancel?.(),
  };
}
