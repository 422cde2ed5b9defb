/** A dump, checked: its checksum first, then each record. */
import { bytesToBigInt, equalBytes } from "@noema/core/bytes";
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { MAX_CODE_BYTES } from "../code-bytes.ts";
import { execError } from "../errors.ts";
import { rlpDecodeFlat } from "../rlp/decode.ts";
import { CHECKSUM_BYTES, type DumpAccount, type DumpSlot, LENGTH_BYTES, MAGIC, MAX_RECORD_BYTES, RECORD } from "./format.ts";

const ADDRESS_BYTES = 20;
const WORD_BYTES = 32;
/** EIP-2681. */
const MAX_NONCE = 2n ** 64n - 2n;

export type LoadedAccount = DumpAccount & { slots: readonly DumpSlot[] };
export type Dump = {
  /** Nothing beside it stays. */
  whole: boolean;
  /** Of the state that was dumped; zero where nobody said it. */
  stateRoot: Hash;
  /** In the order of the file. */
  accounts(): Iterable<LoadedAccount>;
};

export function isDump(bytes: Bytes): boolean {
  return bytes.length >= MAGIC.length && equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);
}

/** All of it is checked; `most`: accounts and slots that it may have. Throws DEV_DUMP_MALFORMED, DEV_DUMP_CHECKSUM, DEV_DUMP_TOO_LARGE. */
export function readDump(bytes: Bytes, most = Number.POSITIVE_INFINITY): Dump {
  if (!isDump(bytes)) throw malformed("it does not begin as one of this version");
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < MAGIC.length) throw malformed("it ends in its beginning");
  const body = bytes.subarray(0, end);
  if (!equalBytes(sha256(body), bytes.subarray(end)))
    throw execError("DEV_DUMP_CHECKSUM", "the dump's bytes are not those that were written");
  const { value: head } = recordsOf(body)[Symbol.iterator]().next();
  if (head?.kind !== RECORD.head || head.items.length !== 5 || small(head.items[0]) > 1) throw malformed("its first record is no head");
  const [whole, , , , stateRoot] = head.items as [Bytes, Bytes, Bytes, Bytes, Bytes];
  let entries = 0;
  for (const { slots } of accountsOf(body)) {
    entries += 1 + slots.length;
    if (entries > most) throw execError("DEV_DUMP_TOO_LARGE", `more than ${most} accounts and slots`, { limit: most });
  }
  return { whole: small(whole) === 1, stateRoot, accounts: () => accountsOf(body) };
}

type Record = { kind: number; items: Bytes[] };

function* accountsOf(body: Bytes): Iterable<LoadedAccount> {
  let account: (DumpAccount & { slots: DumpSlot[] }) | undefined;
  let [accounts, slots, ended] = [0, 0, false];
  for (const { kind, items } of recordsOf(body, 1)) {
    if (ended) throw malformed("a record stands behind its end");
    if (kind === RECORD.slots && account !== undefined) {
      const read = slotsOf(items);
      for (const slot of read) account.slots.push(slot);
      slots += read.length;
      continue;
    }
    if (account !== undefined) yield account;
    if (kind === RECORD.account) {
      account = { ...accountOf(items), slots: [] };
      accounts++;
      continue;
    }
    if (kind !== RECORD.end) throw malformed("a record of an unknown kind, or slots of no account");
    ended = true;
    if (items.length !== 2 || small(items[0]) !== accounts || small(items[1]) !== slots)
      throw malformed("it holds another number of accounts or slots than it says");
  }
  if (!ended) throw malformed("it has no end");
}

/** From the record `skip` on. */
function* recordsOf(body: Bytes, skip = 0): Iterable<Record> {
  let index = 0;
  for (let at = MAGIC.length; at < body.length; index++) {
    const from = at + LENGTH_BYTES;
    const length =
      from > body.length ? Number.POSITIVE_INFINITY : Buffer.from(body.buffer, body.byteOffset + at, LENGTH_BYTES).readUInt32BE();
    if (length > MAX_RECORD_BYTES || from + length > body.length)
      throw malformed(`a record at byte ${at} is longer than it may be or than there is`);
    at = from + length;
    if (index < skip) continue;
    const [kind, ...items] = flat(body.subarray(from, at));
    yield { kind: small(kind), items };
  }
}

function flat(body: Bytes): Bytes[] {
  try {
    return rlpDecodeFlat(body);
  } catch (error) {
    if (isNoemaError(error, "RLP_INVALID")) throw malformed("a record is no list of byte strings");
    throw error;
  }
}

function accountOf(items: readonly Bytes[]): DumpAccount {
  const [address, nonce, balance, code] = items as [Bytes, Bytes, Bytes, Bytes];
  if (items.length !== 4 || address.length !== ADDRESS_BYTES || code.length > MAX_CODE_BYTES)
    throw malformed("an account has no address, or too long a code");
  const account = { address, nonce: integer(nonce), balance: integer(balance), code };
  if (account.nonce > MAX_NONCE) throw malformed("a nonce above 2^64 - 2");
  return account;
}

function slotsOf(items: readonly Bytes[]): DumpSlot[] {
  if (items.length % 2 !== 0) throw malformed("a key without a value");
  return Array.from({ length: items.length / 2 }, (_, i) => {
    const [key, value] = [items[2 * i], items[2 * i + 1]] as [Bytes, Bytes];
    if (integer(value) === 0n) throw malformed("a slot of zero");
    integer(key);
    const padded = new Uint8Array(WORD_BYTES);
    padded.set(key, WORD_BYTES - key.length);
    return { key: padded, value };
  });
}

/** In its shortest form. */
function integer(bytes: Bytes): bigint {
  if (bytes.length > WORD_BYTES || bytes[0] === 0) throw malformed("a number above 2^256 - 1, or with leading zeros");
  return bytesToBigInt(bytes);
}

function small(bytes: Bytes | undefined): number {
  const value = bytes === undefined ? undefined : integer(bytes);
  if (value === undefined || value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed("a count is missing, or above 2^53 - 1");
  return Number(value);
}

function malformed(why: string): NoemaError {
  return execError("DEV_DUMP_MALFORMED", `no dump: ${why}`);
}
