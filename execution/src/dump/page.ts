/** A part of a dump: accounts and slots of one height from a place on, as records. */
import { concatBytes, trimZeros } from "@noema/core/bytes";
import type { BlockNumber, Bytes, Hash, Height } from "@noema/core/ports/bytes";
import { decodeSlim } from "../state/account.ts";
import type { Since } from "../state/changes.ts";
import { requireAddress, requireSlotKey } from "../state/preimages.ts";
import { accountsFrom, FIRST, slotsFrom } from "../state/ranges.ts";
import type { FlatState } from "../state/reader.ts";
import { accountRecord, SLOTS_OF_RECORD, slotsRecord } from "./format.ts";

/** Of a page, after which no further record begins: some thousand entries, which a busy machine finds well within a question's deadline. */
const PAGE_BYTES = 1 << 16;

/** Where a page begins: an account, or within its slots. */
export type DumpPlace = { height: Height; account: Hash; slot?: Hash };
/** Of the height `at.height`; `next` absent: there is no more. */
export type DumpPage = {
  number: BlockNumber;
  height: Height;
  stateRoot: Hash;
  records: Bytes;
  accounts: number;
  slots: number;
  next?: DumpPlace;
};
type Body = Pick<DumpPage, "records" | "accounts" | "slots" | "next">;

/** Throws STATE_CORRUPT. */
export function dumpPage(at: Since & { state: FlatState }, { account = FIRST, slot }: Partial<DumpPlace>): Body {
  const { height, snapshot, goOn } = at;
  const records: Bytes[] = [];
  const counted = { accounts: 0, slots: 0 };
  let bytes = 0;
  const isFull = () => bytes >= PAGE_BYTES;
  const put = (record: Bytes) => {
    records.push(record);
    bytes += record.length;
  };
  const page = (next?: DumpPlace): Body => ({ records: concatBytes(...records), ...counted, next });

  /** Where it had to end. */
  function putSlots(address: Bytes, from: Hash): Hash | undefined {
    let flat: Bytes[] = [];
    const flush = () => {
      if (flat.length > 0) put(slotsRecord(flat));
      flat = [];
    };
    for (const { hash, value } of slotsFrom(at, address, from)) {
      goOn?.();
      if (flat.length === 2 * SLOTS_OF_RECORD) flush();
      if (isFull()) return hash.slice();
      flat.push(trimZeros(requireSlotKey(snapshot, hash)), value.slice());
      counted.slots++;
    }
    flush();
    return undefined;
  }

  let from = slot;
  for (const { hash, value } of accountsFrom(at, account)) {
    goOn?.();
    if (isFull()) return page({ height, account: hash.slice() });
    const address = requireAddress(snapshot, hash);
    if (from === undefined) {
      const { nonce, balance, codeHash } = decodeSlim(value);
      put(accountRecord({ address, nonce, balance, code: at.state.code(codeHash) }));
      counted.accounts++;
    }
    const left = putSlots(address, from ?? FIRST);
    if (left !== undefined) return page({ height, account: hash.slice(), slot: left });
    from = undefined;
  }
  return page();
}
