/** Block 0: the alloc of genesis.json, the system contracts of the fork, and on a development chain the accounts of its controls. */
import { compareBytes, fromHex, to0x, toHex, trimZeros } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { ExecutionGenesis } from "./options.ts";
import { SYSTEM_CONTRACTS } from "./rules/system-contracts.ts";
import { EMPTY_CODE_HASH } from "./state/account.ts";
import type { AccountDiff, StateDiff } from "./state/diff.ts";
import { CONTROL_ACCOUNTS } from "./system/control-slots.ts";

/** Quantities as genesis.json and Ethereum's test files write them. */
type AllocAccount = { balance: string | bigint; nonce: string | bigint; code: string; storage: Record<string, string> };

/** An alloc entry at a system contract's address replaces the contract, and one at an account of controls (`dev`) is replaced. */
export function genesisDiff(genesis: ExecutionGenesis, dev: boolean): StateDiff {
  const system = SYSTEM_CONTRACTS.map(({ address, code }) => [to0x(address), { balance: 0n, nonce: 1n, code, storage: {} }] as const);
  const alloc = Object.entries(genesis.alloc).map(([address, account]) => [address.toLowerCase(), account] as const);
  const controls = dev
    ? CONTROL_ACCOUNTS.map((address) => [to0x(address), { balance: 0n, nonce: 1n, code: "0x", storage: {} }] as const)
    : [];
  return genesisAccounts(Object.fromEntries([...system, ...alloc, ...controls]));
}

/** A diff from nothing; accounts in the order of their addresses. */
export function genesisAccounts(alloc: Record<string, AllocAccount>): StateDiff {
  const codes = new Map<string, Bytes>();
  const accounts = Object.entries(alloc).map(([address, account]): AccountDiff => {
    const code = fromHex(account.code);
    const codeHash = code.length === 0 ? EMPTY_CODE_HASH : keccak256(code);
    if (code.length > 0) codes.set(toHex(codeHash), code);
    const slots = Object.entries(account.storage).map(([key, value]) => ({ key: word(key), value: trimZeros(word(value)) }));
    const after = { nonce: BigInt(account.nonce), balance: BigInt(account.balance), codeHash };
    return {
      address: fromHex(address, 20),
      before: undefined,
      after,
      cleared: false,
      slots: slots.filter((slot) => slot.value.length > 0),
    };
  });
  return {
    accounts: accounts.sort((a, b) => compareBytes(a.address, b.address)),
    codes: [...codes].map(([hash, code]) => ({ hash: fromHex(hash), code })),
  };
}

function word(hex: string): Bytes {
  return fromHex(hex.slice(2).padStart(64, "0"));
}
