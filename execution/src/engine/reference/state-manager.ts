/** Our journal as the StateManagerInterface of @ethereumjs/common. The EVM mutates the accounts it is given: each read makes a new one. */
import type { AccountFields, StateManagerInterface } from "@ethereumjs/common";
import { OriginalStorageCache } from "@ethereumjs/statemanager";
import { Account, type Address } from "@ethereumjs/util";
import { trimZeros } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { lesser } from "../../bigint.ts";
import { execError } from "../../errors.ts";
import { EMPTY_CODE_HASH } from "../../state/account.ts";
import type { Journal } from "../../state/journal.ts";

const NOTHING = new Uint8Array(0);
/** The library adds fees and what a contract leaves without looking; on a development chain an account can have the most before. */
const MAX_BALANCE = 2n ** 256n - 1n;

export type SwitchableState = StateManagerInterface & {
  /** Everything goes to this journal from here on. */
  use(journal: Journal): void;
  journal(): Journal;
  /** At once; an empty one where there is none. */
  accountOf(address: Address): Account;
};

export function createStateManager(): SwitchableState {
  let journal: Journal;
  const notHere = () => {
    throw execError("EXEC_ENGINE_FAILED", "the EVM asked its state manager for roots, which are computed outside of it");
  };

  function accountNow(address: Address): Account | undefined {
    const found = journal.account(address.bytes);
    return found && new Account(found.nonce, found.balance, found.storageRoot, found.codeHash);
  }
  const getAccount = async (address: Address) => accountNow(address);
  async function putAccount(address: Address, account?: Account): Promise<void> {
    journal.setAccount(
      address.bytes,
      account && {
        nonce: account.nonce,
        balance: lesser(account.balance, MAX_BALANCE),
        storageRoot: account.storageRoot,
        codeHash: account.codeHash,
      },
    );
  }
  async function modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const account = (await getAccount(address)) ?? new Account();
    if (fields.nonce !== undefined) account.nonce = fields.nonce;
    if (fields.balance !== undefined) account.balance = fields.balance;
    if (fields.storageRoot !== undefined) account.storageRoot = fields.storageRoot;
    if (fields.codeHash !== undefined) account.codeHash = fields.codeHash;
    await putAccount(address, account);
  }
  async function getCode(address: Address): Promise<Bytes> {
    const hash = journal.account(address.bytes)?.codeHash;
    return hash === undefined || Buffer.compare(hash, EMPTY_CODE_HASH) === 0 ? NOTHING : journal.code(hash);
  }
  async function getStorage(address: Address, key: Bytes): Promise<Bytes> {
    return journal.slot(address.bytes, key);
  }

  const manager: SwitchableState = {
    use(next) {
      journal = next;
      manager.originalStorageCache.clear();
    },
    journal: () => journal,
    accountOf: (address) => accountNow(address) ?? new Account(),
    getAccount,
    putAccount,
    modifyAccountFields,
    deleteAccount: async (address) => journal.setAccount(address.bytes, undefined),
    putCode: async (address, code) => modifyAccountFields(address, { codeHash: journal.addCode(code) }),
    getCode,
    getCodeSize: async (address) => (await getCode(address)).length,
    getStorage,
    putStorage: async (address, key, value) => journal.setSlot(address.bytes, key, trimZeros(value)),
    clearStorage: async (address) => journal.clearStorage(address.bytes),
    checkpoint: async () => journal.checkpoint(),
    commit: async () => journal.commit(),
    revert: async () => journal.revert(),
    getStateRoot: notHere,
    setStateRoot: notHere,
    hasStateRoot: notHere,
    originalStorageCache: new OriginalStorageCache(getStorage),
    clearCaches: () => undefined,
    shallowCopy: notHere,
  };
  return manager;
}
