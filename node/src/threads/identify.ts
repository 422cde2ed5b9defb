/** Hashes and senders of transactions by the crypto threads: one message for all that are asked for at once. */
import { isNoemaError } from "@noema/core/errors";
import { packBytes } from "@noema/core/packed";
import type { Bytes } from "@noema/core/ports/bytes";
import { type Identify, type Identity, identify, identifyHere, readIdentities } from "@noema/execution/transactions/identify";
import type { CryptoPool } from "./crypto-pool.ts";

/** So many take less here than the way to a thread and back, where that has nothing else to do. */
const INLINE = 4;
/** In one message: a vote's signature waits for two of them, 8 ms. */
const AT_ONCE = 64;

/** Throws CRYPTO_BUSY, CRYPTO_ENDED. */
export function createIdentify(crypto: Pick<CryptoPool, "ask" | "open">): Identify {
  const ask = async (raws: readonly Bytes[]): Promise<Identity[]> =>
    readIdentities(await crypto.ask("transactions", "identify", packBytes(raws)));
  return async (raws) => {
    if (raws.length <= INLINE && crypto.open() === 0) return readIdentities(identify(packBytes(raws)));
    if (raws.length <= AT_ONCE) return ask(raws);
    const parts = Array.from({ length: Math.ceil(raws.length / AT_ONCE) }, (_, i) => raws.slice(AT_ONCE * i, AT_ONCE * (i + 1)));
    return (await Promise.all(parts.map(ask))).flat();
  };
}

/** What nobody can be asked to send again soon: where the threads have no room or have ended, on this one. */
export function orHere(byThreads: Identify): Identify {
  return async (raws) => {
    try {
      return await byThreads(raws);
    } catch (error) {
      if (isNoemaError(error, "CRYPTO_BUSY") || isNoemaError(error, "CRYPTO_ENDED")) return identifyHere(raws);
      throw error;
    }
  };
}
