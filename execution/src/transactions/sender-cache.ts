import { createBoundedMap } from "@noema/core/bounded";
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Transaction } from "./transaction.ts";

/** Senders in the order of the transactions; undefined: no key signed it. */
export type RecoverAll = (txs: readonly Transaction[]) => Promise<readonly (Bytes | undefined)[]>;

/** On its way: the `at`-th of an answer. */
type Asked = { answer: ReturnType<RecoverAll>; at: number };

/** Remembers senders by transaction hash, so that pool, batch check and execution pay for one recovery. Who was not asked for longest goes first;
 *  a failure is not kept. The default is 8 MB at most. */
export function createSenderCache(recover: RecoverAll, limit = 50_000): RecoverAll {
  const known = createBoundedMap<string, Bytes | Asked>(limit);

  /** Asks for all of them in one go. */
  function ask(txs: readonly Transaction[], keys: readonly string[]): Asked[] {
    const answer = recover(txs);
    const asked = txs.map((_, at) => ({ answer, at }));
    const settle = (senders: readonly (Bytes | undefined)[]) => {
      for (const [at, key] of keys.entries()) {
        if (known.get(key) !== asked[at]) continue;
        if (senders[at] === undefined) known.delete(key);
        else known.set(key, senders[at]);
      }
    };
    for (const [at, key] of keys.entries()) known.set(key, asked[at] as Asked);
    answer.then(settle, () => settle([]));
    return asked;
  }

  return async (txs) => {
    const keys = txs.map((tx) => toHex(tx.hash));
    const found = keys.map((key) => known.get(key));
    const missing = [...found.keys()].filter((i) => found[i] === undefined);
    if (missing.length > 0) {
      const asked = ask(
        missing.map((i) => txs[i] as Transaction),
        missing.map((i) => keys[i] as string),
      );
      for (const [at, i] of missing.entries()) found[i] = asked[at];
    }
    const senders: (Bytes | undefined)[] = [];
    for (const entry of found as (Bytes | Asked)[]) senders.push(entry instanceof Uint8Array ? entry : (await entry.answer)[entry.at]);
    return senders;
  };
}
