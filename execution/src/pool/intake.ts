/**
 * How transactions come into the pool, many at once: identify, decode, account, admit, one record, one sync. Each stage goes over all that
 * the ones before have not refused, and asks for what it needs in one go.
 */
import { toHex } from "@noema/core/bytes";
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { checkTransaction } from "../rules/check-transaction.ts";
import { hasCode } from "../state/account.ts";
import { checkSize, decodeTransaction, MAX_TRANSACTION_BYTES } from "../transactions/decode.ts";
import type { Identity } from "../transactions/identify.ts";
import { noSender } from "../transactions/recover-sender.ts";
import type { Transaction } from "../transactions/transaction.ts";
import type { AccountReading, Accounts } from "./accounts.ts";
import { checkOffer, checkSender } from "./admission.ts";
import { type Admit, knownError } from "./admit.ts";
import { createEntry, type Entry, type Origin } from "./entry.ts";
import { poolError } from "./errors.ts";
import type { PoolJournal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { PoolDeps } from "./pool-interface.ts";
import { missingSidecar } from "./sidecars.ts";

export type Offer = { bytes: Bytes; origin: Origin };
/** Entries are in the pool, errors are TX_*, RLP_INVALID, POOL_*. */
export type IntakeOutcome = Entry | NoemaError;
/** In the order of the offers. `durable` resolves when the acceptance of those of clients is; absent: nothing is promised. */
export type Intake = (offers: readonly Offer[]) => Promise<{ outcomes: IntakeOutcome[]; durable?: Promise<void> }>;

type Context = { deps: PoolDeps; ledger: Ledger; journal: PoolJournal; accounts: Accounts; admit: Admit };
/** One on its way: what the stages found, or why it is refused. */
type Arriving = {
  raw: Bytes;
  origin: Origin;
  tx: Transaction;
  key: string;
  sender: Bytes;
  senderKey: string;
  entry: Entry | undefined;
  /** Its blobs are not here. */
  missing: NoemaError | undefined;
  refused: NoemaError | undefined;
};

export function createIntake({ deps, ledger, journal, accounts, admit }: Context): Intake {
  const { chainId, fork, dev } = deps;

  function arrive({ bytes, origin }: Offer): Arriving | NoemaError {
    try {
      checkSize(bytes, MAX_TRANSACTION_BYTES);
      const raw = bytes.slice(); // the caller's buffer may be larger, or used again
      return { raw, origin, key: "", senderKey: "", entry: undefined, missing: undefined, refused: undefined } as Arriving;
    } catch (error) {
      if (isNoemaError(error)) return error;
      throw error;
    }
  }

  function examine(x: Arriving, { hash, sender }: Identity, baseFee: bigint): void {
    x.tx = decodeTransaction(x.raw, hash);
    checkTransaction(x.tx, chainId, fork, dev);
    x.key = toHex(hash);
    checkKnown(x);
    checkOffer(x.tx, { maxTransactionGas: deps.maxTransactionGas(), baseFee });
    if (sender === undefined) throw noSender(x.tx);
    x.sender = sender;
    x.senderKey = toHex(sender);
  }

  /** A client sends what the pool knows: the answer "known" promises as much as acceptance does. */
  function checkKnown({ key, tx, origin }: Arriving): void {
    const entry = ledger.byHash.get(key);
    if (entry === undefined) return;
    if (origin === "local") entry.origin = "local";
    throw knownError(tx.hash);
  }

  async function learnAccounts(live: readonly Arriving[]): Promise<readonly Arriving[]> {
    const unknown = live.filter((x) => readingOf(x) === undefined);
    if (unknown.length === 0) return live;
    await answerTo(unknown, accounts.learn(unknown.map((x) => x.sender)));
    return each(live, accountOf);
  }

  const readingOf = ({ senderKey }: Arriving) => ledger.senders.get(senderKey)?.account ?? accounts.get(senderKey);

  function accountOf(x: Arriving): AccountReading {
    const account = readingOf(x);
    if (account === undefined) throw poolError("POOL_BUSY", "more senders came at once than are remembered");
    return account;
  }

  function enter(x: Arriving, seenMs: number, baseFee: bigint): void {
    checkKnown(x);
    const entry = createEntry(x, seenMs, baseFee);
    admit(entry, accountOf(x), x.missing);
    x.entry = entry;
  }

  /** Of those that stand in the pool for a client from now on, who are not in the journal yet. */
  function* unwritten(all: readonly Arriving[]): Generator<Entry> {
    for (const { key, origin } of all) {
      const entry = origin === "local" ? ledger.byHash.get(key) : undefined;
      if (entry !== undefined && entry.position === undefined) yield entry;
    }
  }

  return async (offers) => {
    const arrived = offers.map(arrive);
    const all = arrived.filter((x) => !(x instanceof Error)) as Arriving[];
    const identities = all.length === 0 ? [] : await answerTo(all, deps.identify(all.map((x) => x.raw)));
    let live = each(all, (x, i) => examine(x, identities?.[i] as Identity, deps.baseFee()));
    live = await learnAccounts(live);
    const withCode = (x: Arriving) => x.tx.impersonated === undefined && hasCode(accountOf(x));
    if (live.some(withCode))
      live = await eachLater(live, (x) => (withCode(x) ? checkSender(x.sender, accountOf(x).codeHash, deps.code) : undefined));
    if (live.some(withBlobs))
      live = await eachLater(live, async (x) => {
        x.missing = await missingSidecar(x.tx, deps.sidecars);
      });
    const seenMs = Math.floor(deps.clock.nowMs());
    const baseFee = deps.baseFee();
    each(live, (x) => enter(x, seenMs, baseFee));
    const outcomes = arrived.map((x) => (x instanceof Error ? x : (x.refused ?? (x.entry as Entry))));
    const promised = all.some((x) => x.origin === "local" && (x.entry !== undefined || x.refused?.code === "POOL_KNOWN"));
    return { outcomes, durable: promised ? journal.write(unwritten(all)) : undefined };
  };
}

const withBlobs = ({ tx }: Arriving) => tx.type === 3;

/** Those that are not refused after the stage. */
function each(live: readonly Arriving[], stage: (x: Arriving, i: number) => void): readonly Arriving[] {
  let left = live.length;
  for (const [i, x] of live.entries()) {
    try {
      if (x.refused === undefined) stage(x, i);
    } catch (error) {
      refuse(x, error);
    }
    if (x.refused !== undefined) left--;
  }
  return left === live.length ? live : live.filter((x) => x.refused === undefined);
}

async function eachLater(live: readonly Arriving[], stage: (x: Arriving) => Promise<void> | undefined): Promise<readonly Arriving[]> {
  await Promise.all(live.map((x) => stage(x)?.catch((error) => refuse(x, error))));
  return live.filter((x) => x.refused === undefined);
}

/** undefined: the question failed, and with it all that asked it. */
async function answerTo<T>(live: readonly Arriving[], question: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    for (const x of live) refuse(x, error);
    return undefined;
  }
}

function refuse(x: Arriving, error: unknown): void {
  if (!isNoemaError(error)) throw error;
  x.refused = error;
}
