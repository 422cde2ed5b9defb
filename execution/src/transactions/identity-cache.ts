import { createBoundedMap } from "@noema/core/bounded";
import { equalBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Identify, Identity } from "./identify.ts";

/** `found`: or on its way, the `at`-th of an answer. */
type Known = { raw: Bytes; found: Identity | { answer: ReturnType<Identify>; at: number } };

/** The end of a transaction is its signature's s: found without a hash, which would cost as much as all else here. */
const END_BYTES = 32;

const endOf = (raw: Bytes) =>
  Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("latin1", Math.max(0, raw.length - END_BYTES));

/** From a transaction's first sight to the check of its batch seconds pass; what comes later pays for another recovery. */
const KEPT_MS = 30_000;

/**
 * Remembers what transactions are by their bytes, so that pool and batch check pay for one recovery; a failure is not kept. Of two
 * generations the older goes when the younger is full, or KEPT_MS old. At most `limit`, of which each takes some 1.5 KB.
 */
export function createIdentityCache(identify: Identify, clock: Pick<Clock, "nowMs">, limit = 50_000): Identify {
  const fresh = () => createBoundedMap<string, Known>(limit / 2);
  let [young, old] = [fresh(), fresh()];
  let bornMs = clock.nowMs();

  function grow(): void {
    const now = clock.nowMs();
    if (young.size < limit / 2 && now - bornMs < KEPT_MS) return;
    [young, old, bornMs] = [fresh(), young, now];
  }

  function ask(raws: readonly Bytes[]): Known[] {
    const answer = identify(raws);
    const asked = raws.map((raw, at): Known => ({ raw, found: { answer, at } }));
    const settle = (identities: readonly Identity[]) => {
      for (const [at, entry] of asked.entries()) {
        const key = endOf(entry.raw);
        const found = identities[at];
        if (found?.sender !== undefined) entry.found = found;
        else for (const known of [young, old]) if (known.get(key) === entry) known.delete(key);
      }
    };
    for (const entry of asked) {
      grow();
      young.set(endOf(entry.raw), entry);
    }
    answer.then(settle, () => settle([]));
    return asked;
  }

  return async (raws) => {
    grow();
    const found = raws.map((raw) => {
      const key = endOf(raw);
      const entry = young.get(key) ?? old.get(key);
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
