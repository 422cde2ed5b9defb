/**
 * How transactions come into the pool, many at once: decode, recover, account, admit, one sync. Each stage goes over all that the
 * ones before have not refused, and asks for what it needs in one go.
 */
import { toHex } from "@noema/core/bytes";
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { hasCode } from "../state/account.ts";
import { noSender } from "../transactions/recover-sender.ts";
import type { AccountReading, Accounts } from "./accounts.ts";
import { checkOffer, checkSender } from "./admission.ts";
import { type Admit, knownError } from "./admit.ts";
import { type Arrival, checkProofs, readArrival } from "./arrive.ts";
import { createEntry, type Entry, type Origin } from "./entry.ts";
import { poolError } from "./errors.ts";
import type { PoolJournal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { PoolDeps } from "./pool-interface.ts";

/**
 * In the order of the transactions: entries are in the pool, errors are TX_*, RLP_INVALID, POOL_*. `durable` resolves when acceptance is;
 * absent: nothing is promised.
 */
export type Intake = (raws: readonly Bytes[], origin: Origin) => Promise<{ outcomes: (Entry | NoemaError)[]; durable?: Promise<void> }>;

type Context = { deps: PoolDeps; ledger: Ledger; journal: PoolJournal; accounts: Accounts; admit: Admit };
/** One on its way: what the stages found, or why it is refused. */
type Arriving = {
  arrival: Arrival;
  seenMs: number;
  sender?: Bytes;
  codeHash?: Hash;
  entry?: Entry;
  refused?: NoemaError;
};

export function createIntake({ deps, ledger, journal, accounts, admit }: Context): Intake {
  const { chainId, fork, maxTransactionGas } = deps;

  function decode(raw: Bytes): Arriving | NoemaError {
    try {
      return { arrival: readArrival(raw, chainId, fork), seenMs: Math.floor(deps.clock.nowMs()) };
    } catch (error) {
      if (isNoemaError(error)) return error;
      throw error;
    }
  }

  /** A client sends what the pool knows: the answer "known" promises as much as acceptance does. */
  function checkKnown({ tx }: Arrival, origin: Origin): void {
    const entry = ledger.byHash.get(toHex(tx.hash));
    if (entry === undefined) return;
    if (origin === "local") {
      entry.origin = "local";
      if (entry.position === undefined) journal.append(entry);
    }
    throw knownError(tx.hash);
  }

  async function recover(live: readonly Arriving[]): Promise<readonly Arriving[]> {
    const senders = await answerTo(live, deps.recover(live.map((x) => x.arrival.tx)));
    return each(live, (x, i) => {
      if (senders === undefined) return;
      x.sender = senders[i];
      if (x.sender === undefined) throw noSender(x.arrival.tx);
    });
  }

  async function learnAccounts(live: readonly Arriving[]): Promise<readonly Arriving[]> {
    const learning = accounts.learn(live.map((x) => x.sender as Bytes));
    if (learning === undefined) return live;
    await answerTo(live, learning);
    return live.filter((x) => x.refused === undefined);
  }

  function accountOf({ sender }: Arriving): AccountReading {
    const account = accounts.get(sender as Bytes);
    if (account === undefined) throw poolError("POOL_BUSY", "more senders came at once than are remembered");
    return account;
  }

  function enter(x: Arriving, origin: Origin): void {
    checkKnown(x.arrival, origin);
    const { arrival, seenMs, sender } = x as Required<Arriving>;
    const entry = createEntry({ ...arrival, sender, origin, seenMs }, deps.baseFee());
    admit(entry, accountOf(x), () => origin === "local" && journal.append(entry));
    x.entry = entry;
  }

  return async (raws, origin) => {
    const decoded = raws.map(decode);
    const all = decoded.filter((x) => !(x instanceof Error)) as Arriving[];
    let live = each(all, ({ arrival }) => {
      checkKnown(arrival, origin);
      checkOffer(arrival.tx, { maxTransactionGas, baseFee: deps.baseFee() });
    });
    if (live.length > 0) live = await recover(live);
    if (deps.verifySidecar !== undefined && live.some((x) => x.arrival.sidecar !== undefined))
      live = await eachLater(live, ({ arrival }) => checkProofs(arrival, deps.verifySidecar));
    if (live.length > 0) live = await learnAccounts(live);
    live = each(live, (x) => {
      x.codeHash = accountOf(x).codeHash;
    });
    if (live.some((x) => hasCode(x as Required<Arriving>)))
      live = await eachLater(live, (x) => checkSender(x.sender as Bytes, x.codeHash as Hash, deps.code));
    each(live, (x) => enter(x, origin));
    const outcomes = decoded.map((x) => (x instanceof Error ? x : (x.refused ?? (x.entry as Entry))));
    const promised = origin === "local" && all.some((x) => x.entry !== undefined || x.refused?.code === "POOL_KNOWN");
    return { outcomes, durable: promised ? journal.sync() : undefined };
  };
}

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
async function answerTo<T>(live: readonly Arriving[], question: Promise<T>): Promise<T | undefined> {
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
