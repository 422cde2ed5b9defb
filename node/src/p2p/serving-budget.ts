/**
 * Bytes of answers, charged to the key that the asker has proved; all peers without a validator's key share one account. Who is above
 * waits, and with him only what he has asked for: each question has a stream of its own.
 */
import type { Clock } from "@noema/core/ports/clock";
import type { Peer } from "@noema/core/ports/network";
import type { PublicKeyHex } from "@noema/core/ports/signing";

/** Reading and encrypting them takes 5 % of a core; a chain of full batches brings a tenth of it. */
export const BYTES_A_SECOND = 16 << 20;
/** A lone object of the blob lane, or a minute of blocks, at once. */
export const SAVED_UP = 32 << 20;

type Account = { left: number; countedMs: number };

export type ServingBudget = {
  /** Resolves when they may be sent; rejects with the signal's reason, and then they are not charged. */
  spend(peer: Peer, bytes: number, signal: AbortSignal): Promise<void>;
};

export function createServingBudget(clock: Clock, isValidator: (publicKey: PublicKeyHex) => boolean): ServingBudget {
  /** Of at most the validators of three epochs, and one for the others. */
  const accounts = new Map<PublicKeyHex | undefined, Account>();

  function accountOf({ publicKey }: Peer): Account {
    const key = publicKey !== undefined && isValidator(publicKey) ? publicKey : undefined;
    const now = clock.nowMs();
    const account = accounts.get(key) ?? { left: SAVED_UP, countedMs: now };
    account.left = Math.min(SAVED_UP, account.left + (BYTES_A_SECOND * Math.max(0, now - account.countedMs)) / 1000);
    account.countedMs = now;
    accounts.set(key, account);
    for (const known of accounts.keys()) if (known !== undefined && !isValidator(known)) accounts.delete(known);
    return account;
  }
  return {
    async spend(peer, bytes, signal) {
      const account = accountOf(peer);
      account.left -= bytes;
      if (account.left >= 0) return;
      try {
        await wait(clock, (-1000 * account.left) / BYTES_A_SECOND, signal);
      } catch (error) {
        account.left += bytes; // or guests that ask and go, at a hundred bytes each, would starve the others for as long as they like
        throw error;
      }
    },
  };
}

function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(Math.ceil(ms), () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
