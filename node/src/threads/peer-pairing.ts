/**
 * Pairings of what peers send: on main while they are few, since a message to a thread costs more than it saves there; what is above, by
 * the crypto threads, so that who floods a node with certificates takes a bounded part of the thread that votes.
 */
import { verifyAggregate } from "@noema/core/crypto/bls";
import type { Pairing } from "@noema/core/crypto/certificate-scheme";
import type { Clock } from "@noema/core/ports/clock";
import type { CryptoPool } from "./crypto-pool.ts";

/** A second, and saved up for one: four validators need 15 at 200 ms a block; 5 % of main. */
const HERE_A_SECOND = 40;
/** On the way to the threads; who asks waits here, and asks in bounds of its own (certificates.ts, lane-reader.ts). */
const AT_ONCE = 64;

export function createPeerPairing(crypto: Pick<CryptoPool, "ask">, clock: Pick<Clock, "nowMs">): Pairing {
  let left = HERE_A_SECOND;
  let countedMs = clock.nowMs();
  let asked = 0;
  const waiting: (() => void)[] = [];

  function isDoneHere(): boolean {
    const now = clock.nowMs();
    left = Math.min(HERE_A_SECOND, left + (HERE_A_SECOND * Math.max(0, now - countedMs)) / 1000);
    countedMs = now;
    if (left < 1) return false;
    left--;
    return true;
  }

  return async (...signed) => {
    if (isDoneHere()) return verifyAggregate(...signed);
    if (asked === AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else asked++;
    try {
      return await crypto.ask("peers", "blsVerifyAggregate", ...signed);
    } catch {
      return verifyAggregate(...signed); // the thread has ended: what a peer signed is not wrong for that
    } finally {
      const next = waiting.shift();
      if (next === undefined) asked--;
      else next();
    }
  };
}
