/** The journal comes into the pool again after a restart. */
import { toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { checkTransaction } from "../rules/check-transaction.ts";
import { decodeTransaction } from "../transactions/decode.ts";
import type { Identity } from "../transactions/identify.ts";
import type { AccountReading, Accounts } from "./accounts.ts";
import type { Admit } from "./admit.ts";
import { createEntry, type Entry } from "./entry.ts";
import type { Fate } from "./fates.ts";
import type { PoolJournal } from "./journal.ts";
import type { PoolDeps } from "./pool-interface.ts";
import { missingSidecar } from "./sidecars.ts";

/** Replayed transactions whose senders and accounts are asked for at once. */
const CHUNK = 256;

/** A journal keeps what has left the pool until it is compacted, so that most of it is history after a clean run too. */
export type Replayed = {
  /** In the pool again. */
  restored: number;
  /** Their nonces are used: by themselves, or by what replaced them. */
  alreadyIncluded: number;
  /** The state, the rules or the pool admit them no more. */
  refused: number;
};

type Context = {
  deps: PoolDeps;
  journal: PoolJournal;
  accounts: Accounts;
  admit: Admit;
  /** Of one that was accepted before and is not any more. */
  onRefused(entry: Entry, fate: Fate): void;
};

export async function replayJournal({ deps, journal, accounts, admit, onRefused }: Context): Promise<Replayed> {
  const count: Replayed = { restored: 0, alreadyIncluded: 0, refused: 0 };
  for (const records of chunks(journal.replay(), CHUNK)) {
    const entries = await revive(records, deps);
    await accounts.learn(entries.flatMap((entry) => entry?.sender ?? []));
    for (const [i, { position, raw }] of records.entries()) {
      const entry = entries[i];
      const missing = entry && (await missingSidecar(entry.tx, deps.sidecars));
      const account = entry && (accounts.get(entry.senderKey) as AccountReading);
      const outcome = entry && account ? readmit(entry, () => admit(entry, account, missing), onRefused) : "refused";
      journal.adopt(position, raw, outcome === "restored" ? entry : undefined);
      if (outcome !== "known") count[outcome]++;
    }
  }
  return count;
}

/** undefined: no transaction any more. */
async function revive(records: readonly { raw: Bytes; seenMs: number }[], deps: PoolDeps): Promise<(Entry | undefined)[]> {
  const identities = await deps.identify(records.map(({ raw }) => raw));
  return records.map(({ raw, seenMs }, i) => orUndefined(() => entryOf(raw, identities[i] as Identity, seenMs, deps)));
}

/** Throws TX_*, RLP_INVALID. */
function entryOf(raw: Bytes, { hash, sender }: Identity, seenMs: number, { chainId, fork, dev, baseFee }: PoolDeps): Entry | undefined {
  const tx = decodeTransaction(raw, hash);
  checkTransaction(tx, chainId, fork, dev);
  if (sender === undefined) return undefined;
  return createEntry({ tx, key: toHex(hash), sender, senderKey: toHex(sender), origin: "local" }, seenMs, baseFee());
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isNoemaError(error)) return undefined;
    throw error;
  }
}

/** "known": the record stands twice, since a crash cut off a compaction. */
function readmit(entry: Entry, admit: () => void, onRefused: Context["onRefused"]): keyof Replayed | "known" {
  try {
    admit();
    return "restored";
  } catch (error) {
    if (isNoemaError(error, "POOL_KNOWN")) return "known";
    if (isNoemaError(error, "TX_NONCE_TOO_LOW")) return "alreadyIncluded";
    if (!isNoemaError(error)) throw error;
    onRefused(entry, { code: error.code, message: error.message });
    return "refused";
  }
}

function* chunks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    if (chunk.push(item) < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
