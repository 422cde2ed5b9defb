import { createBoundedMap } from "@noema/core/bounded";
import { equalBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Identify, Identity } from "./identify.ts";

/** `found`: or on its way, the `at`-th of an answer. */
type Known = { raw: Bytes; found: Identity | { answer: ReturnType<Identify>; at: number } };

/** The end of a transaction is its signature's s: found without a hash, which would cost as much as all else here. */
const END_BYTES = 32;

const endOf = (raw: Bytes) =>
  Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("latin1", Math.max(0, raw.length - END_BYTES));

/**
 * Remembers what transactions are by their bytes, so that pool and batch check pay for one recovery. Who was not asked for longest goes first;
 * a failure is not kept. The default is some 16 MB at most.
 */
export function createIdentityCache(identify: Identify, limit = 50_000): Identify {
  const known = createBoundedMap<string, Known>(limit);

  function ask(raws: readonly Bytes[]): Known[] {
    const answer = identify(raws);
    const asked = raws.map((raw, at): Known => ({ raw, found: { answer, at } }));
    const settle = (identities: readonly Identity[]) => {
      for (const [at, entry] of asked.entries()) {
        const key = endOf(entry.raw);
        const found = identities[at];
        if (known.get(key) !== entry) continue;
        if (found?.sender === undefined) known.delete(key);
        else entry.found = found;
      }
    };
    for (const entry of asked) known.set(endOf(entry.raw), entry);
    answer.then(settle, () => settle([]));
    return asked;
  }

  return async (raws) => {
    const found = raws.map((raw) => {
      const entry = known.get(endOf(raw));
      return entry !== undefined && equalBytes(entry.raw, raw) ? entry : undefined;
    });
    const missing = [...found.keys()].filter((i) => found[i] === undefined);
    const asked = missing.length === 0 ? [] : ask(missing.map((i) => raws[i] as Bytes));
    for (const [at, i] of missing.entries()) found[i] = asked[at];
    const identities: Identity[] = [];
    for (const { found: x } of found as Known[]) identities.push("at" in x ? ((await x.answer)[x.at] as Identity) : x);
    return identities;
  };
}
