/** Kind 1: values of one account, set as they are given. What is not given stays; an account that is not there is made. */
import { equalBytes, trimZeros } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import {
  ByteListType,
  ByteVectorType,
  ContainerType,
  decodeSsz,
  ListBasicType,
  ListCompositeType,
  UintBigintType,
} from "@noema/core/types/ssz";
import { MAX_CODE_BYTES } from "../code-bytes.ts";
import { EMPTY_ACCOUNT, EMPTY_CODE_HASH } from "../state/account.ts";
import type { Journal } from "../state/journal.ts";
import { CONTROL_ACCOUNTS } from "./control-slots.ts";
import { OUTCOME, type Outcome } from "./outcomes.ts";

const MAX_SLOTS = 1024;
/** EIP-2681. */
const MAX_NONCE = 2n ** 64n - 2n;

const word = new ByteVectorType(32);
const setType = new ContainerType(
  {
    address: new ByteVectorType(20),
    balance: new ListBasicType(new UintBigintType(32), 1),
    nonce: new ListBasicType(new UintBigintType(8), 1),
    code: new ListCompositeType(new ByteListType(MAX_CODE_BYTES), 1),
    slots: new ListCompositeType(new ContainerType({ key: word, value: word }), MAX_SLOTS),
  },
  { typeName: "SetOperation" },
);

export type SetAccount = { address: Bytes; balance?: bigint; nonce?: bigint; code?: Bytes; slots?: { key: Hash; value: Hash }[] };

export function encodeSet({ address, balance, nonce, code, slots = [] }: SetAccount): Bytes {
  const list = <T>(value: T | undefined) => (value === undefined ? [] : [value]);
  return setType.serialize({ address, balance: list(balance), nonce: list(nonce), code: list(code), slots });
}

/** Throws SSZ_INVALID. */
export function decodeSet(body: Bytes): SetAccount {
  const { address, balance, nonce, code, slots } = decodeSsz(setType, body);
  return { address, balance: balance[0], nonce: nonce[0], code: code[0], slots };
}

export function applySet(journal: Journal, { address, balance, nonce, code, slots = [] }: SetAccount): Outcome {
  if (CONTROL_ACCOUNTS.some((control) => equalBytes(control, address))) return OUTCOME.reservedAddress;
  const account = { ...(journal.account(address) ?? EMPTY_ACCOUNT) };
  if (balance !== undefined) account.balance = balance;
  if (code !== undefined) account.codeHash = code.length === 0 ? EMPTY_CODE_HASH : journal.addCode(code);
  journal.setAccount(address, account);
  for (const { key, value } of slots) journal.setSlot(address, key, trimZeros(value));
  if (nonce === undefined) return OUTCOME.done;
  if (nonce > MAX_NONCE) return OUTCOME.nonceTooHigh;
  journal.setAccount(address, { ...account, nonce });
  return OUTCOME.done;
}
