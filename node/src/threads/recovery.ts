/** Senders of transactions by the crypto threads: one message for all that are asked for at once. */
import { packBytes } from "@noema/core/packed";
import { type Identity, identify, readIdentities } from "@noema/execution/transactions/identify";
import type { RecoverAll } from "@noema/execution/transactions/sender-cache";
import type { CryptoPool } from "./crypto-pool.ts";

/** So many take less here than the way to a thread and back, where that has nothing else to do. */
const INLINE = 4;
/** In one message: a vote's signature waits for two of them, 8 ms. */
const AT_ONCE = 64;

/** Throws CRYPTO_BUSY, CRYPTO_ENDED. */
export function createRecovery(crypto: Pick<CryptoPool, "ask" | "open">): RecoverAll {
  const ask = async (raws: readonly Uint8Array[]): Promise<Identity[]> =>
    readIdentities(await crypto.ask("transactions", "identify", packBytes(raws)));
  return async (txs) => {
    const raws = txs.map((tx) => tx.raw);
    const here = raws.length <= INLINE && crypto.open() === 0;
    const messages = here
      ? []
      : Array.from({ length: Math.ceil(raws.length / AT_ONCE) }, (_, i) => raws.slice(AT_ONCE * i, AT_ONCE * (i + 1)));
    const found = here ? readIdentities(identify(packBytes(raws))) : (await Promise.all(messages.map(ask))).flat();
    return found.map((x) => x.sender);
  };
}
