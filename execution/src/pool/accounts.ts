/**
 * Accounts of `latest` on this side: each was asked for once, and is kept right by what every block says of the accounts that it
 * changed. What is asked in one turn of the event loop is one question.
 */
import { createBoundedMap } from "@noema/core/bounded";
import { toHex } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";

export type AccountReading = { nonce: bigint; balance: bigint; codeHash: Hash };
export type AskAccounts = (addresses: readonly Bytes[]) => Promise<readonly AccountReading[]>;

export type Accounts = {
  /** undefined: all are known. */
  learn(addresses: readonly Bytes[]): Promise<void> | undefined;
  /** By the address in hex, as it is now. undefined: not learned, or others took its place since. */
  get(key: string): AccountReading | undefined;
  /** A block made it this. */
  tell(key: string, account: AccountReading): void;
};

/** `told`: by blocks after it was asked, which its answer need not know of. */
type Question = { addresses: Map<string, Bytes>; told: Map<string, AccountReading>; answered: Promise<void> };

export function createAccounts(ask: AskAccounts, limit: number): Accounts {
  const known = createBoundedMap<string, AccountReading>(limit);
  const open = new Set<Question>();
  let gathering: Question | undefined;

  async function answer(question: Question): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    gathering = undefined;
    try {
      const records = await ask([...question.addresses.values()]);
      for (const [i, key] of [...question.addresses.keys()].entries()) {
        const { nonce, balance, codeHash } = question.told.get(key) ?? (records[i] as AccountReading);
        known.set(key, { nonce, balance, codeHash });
      }
    } finally {
      open.delete(question);
    }
  }

  function gather(): Question {
    if (gathering !== undefined) return gathering;
    const question = { addresses: new Map(), told: new Map() } as Question;
    question.answered = answer(question);
    open.add(question);
    gathering = question;
    return question;
  }

  function questionAbout(key: string, address: Bytes): Question {
    for (const question of open) if (question.addresses.has(key)) return question;
    const question = gather();
    question.addresses.set(key, address);
    return question;
  }

  return {
    learn(addresses) {
      const asked = new Set<Question>();
      for (const address of addresses) {
        const key = toHex(address);
        if (known.get(key) === undefined) asked.add(questionAbout(key, address));
      }
      return asked.size === 0 ? undefined : Promise.all([...asked].map((x) => x.answered)).then(() => undefined);
    },
    get: known.get,
    tell(key, account) {
      if (known.get(key) !== undefined) known.set(key, account);
      for (const { addresses, told } of open) if (addresses.has(key)) told.set(key, account);
    },
  };
}
