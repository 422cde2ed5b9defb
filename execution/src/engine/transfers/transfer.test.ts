/** Arithmetic against the EVM. NOEMA_SEED repeats a run. */
import { to0x } from "@noema/core/bytes";
import { describe, expect, it } from "vitest";
import type { Candidate } from "../../rules/validity.ts";
import { EMPTY_ACCOUNT } from "../../state/account.ts";
import type { Journal } from "../../state/journal.ts";
import type { Place } from "../block/place.ts";
import { compareTransfers } from "./testing/run-blocks.ts";
import { type Others, runTransfer } from "./transfer.ts";

const seed = process.env.NOEMA_SEED ?? String(Date.now());
console.log(`NOEMA_SEED=${seed}`);

describe("a transfer by arithmetic", () => {
  it.each(["berlin", "shanghai", "osaka"])("is what the EVM makes of it, in random blocks of %s", async (fork) => {
    const taken = { count: 0 };
    const transfers: typeof runTransfer = (...asked) => {
      const done = runTransfer(...asked);
      if (done !== undefined) taken.count++;
      return done;
    };
    const { difference, included, skipped } = await compareTransfers(fork, `${seed}/${fork}`, { blocks: 6, perBlock: 50, transfers });
    expect(difference).toBeUndefined();
    expect(taken.count).toBeGreaterThan(0);
    expect(included).toBeGreaterThan(taken.count);
    expect([...skipped.keys()]).toEqual(expect.arrayContaining(["SKIP_NONCE_TOO_HIGH", "SKIP_BALANCE", "SKIP_INTRINSIC_GAS"]));
  });
});

it("keeps the slots of a proposer that was empty, when it is sent nothing and paid", async () => {
  // An account of a development chain; of all seeds few have it.
  const chain = { blocks: 1, perBlock: 80, transfers: runTransfer };
  const { difference } = await compareTransfers("cancun", "20261127/cancun/0", chain);
  expect(difference).toBeUndefined();
});

type Faulty = (candidate: Candidate, place: Place, others: Others) => ReturnType<typeof runTransfer>;
/** The journal as a faulty transfer sees or writes it. */
const through = (place: Place, change: (journal: Journal) => Partial<Journal>): Place => ({
  ...place,
  journal: { ...place.journal, ...change(place.journal) },
});

const FAULTS: Record<string, Faulty> = {
  "takes precompiles for accounts": (candidate, place, others) => runTransfer(candidate, place, { ...others, precompiles: new Map() }),
  "sees no code": (candidate, place, others) =>
    runTransfer(
      candidate,
      through(place, (journal) => ({
        account(address, hex) {
          const found = journal.account(address, hex);
          return found && { ...found, codeHash: EMPTY_ACCOUNT.codeHash };
        },
      })),
      others,
    ),
  "leaves empty accounts where they are": (candidate, place, others) =>
    runTransfer(
      candidate,
      through(place, (journal) => ({ setAccount: (address, account, hex) => void (account && journal.setAccount(address, account, hex)) })),
      others,
    ),
  "charges the gas limit": ({ tx, ...rest }, place, others) => runTransfer({ ...rest, tx, intrinsic: tx.gasLimit }, place, others),
  "pays the base fee to the proposer": (candidate, place, others) =>
    runTransfer(candidate, { ...place, room: { ...place.room, baseFee: 0n } }, others),
  "pays nobody": (candidate, place, others) =>
    runTransfer(candidate, place, { ...others, coinbase: candidate.sender, coinbaseHex: candidate.senderHex }),
  "keeps the nonce": (candidate, place, others) => {
    const done = runTransfer(candidate, place, others);
    const sender = place.journal.account(candidate.sender);
    if (done && sender) place.journal.setAccount(candidate.sender, { ...sender, nonce: candidate.tx.nonce });
    return done;
  },
  "lets a balance overflow": (candidate, place, others) => {
    const { tx } = candidate;
    const full = tx.to && to0x(tx.to) !== to0x(candidate.sender) ? place.journal.account(tx.to) : undefined;
    if (!full || full.balance + tx.value < 2n ** 256n) return runTransfer(candidate, place, others);
    return runTransfer(
      candidate,
      through(place, (journal) => ({
        account(address, hex) {
          const found = journal.account(address, hex);
          return found === full ? { ...found, balance: 0n } : found;
        },
      })),
      others,
    );
  },
};

describe("a faulty one is found by the same blocks", () => {
  it.each(Object.entries(FAULTS))("that %s", async (_, transfers) => {
    let found: string | undefined;
    for (let i = 0; i < 50 && found === undefined; i++) {
      const compared = await compareTransfers("prague", `${seed}/fault ${i}`, { blocks: 2, perBlock: 60, transfers });
      found = compared.difference;
    }
    expect(found).toBeDefined();
  });
});
