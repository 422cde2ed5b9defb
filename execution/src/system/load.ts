/**
 * Kind 10: a dump that chunks hold becomes the state, or is laid over it (dump/format.ts): all of it, or nothing. The first of its height,
 * and the last: it makes no block, so the height's root is the dump's. Of the controls a whole one brings its own; only snapshots stay those
 * of this chain, since they name its heights.
 */
import { bytesToBigInt, concatBytes, equalBytes, toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { ByteVectorType, ContainerType, decodeSsz, ListCompositeType } from "@noema/core/types/ssz";
import type { DumpSlot } from "../dump/format.ts";
import { type LoadedAccount, readDump } from "../dump/read.ts";
import { EMPTY_ACCOUNT, EMPTY_CODE_HASH } from "../state/account.ts";
import type { Journal } from "../state/journal.ts";
import { areInRange } from "./control-limits.ts";
import { CONTROL_ACCOUNTS, KEPT } from "./control-slots.ts";
import { isSnapshotWord, readKept, readNext, writeKept } from "./controls.ts";
import { OUTCOME } from "./outcomes.ts";
import type { Effect, Place } from "./place.ts";

/** 65 MB. */
export const MAX_LOAD_CHUNKS = 512;
/** Accounts and slots: 6 KB of memory each until they are written, of the 2 GB that a process has, and 0.15 to 0.3 ms. */
export const MAX_LOAD_ENTRIES = 131_072;

const loadType = new ContainerType(
  { staged: new ListCompositeType(new ByteVectorType(32), MAX_LOAD_CHUNKS) },
  { typeName: "LoadOperation" },
);

/** Ids of chunks; joined they are the dump. */
export type Load = { staged: Hash[] };

export function encodeLoad(load: Load): Bytes {
  return loadType.serialize(load);
}

/** Throws SSZ_INVALID. */
export function decodeLoad(body: Bytes): Load {
  return decodeSsz(loadType, body);
}

/** `value`: how many accounts it held. Its chunks are used, whatever comes of it. */
export function applyLoad(journal: Journal, { staged }: Load, place: Place): Effect {
  const { isFirst, staging } = place;
  if (!isFirst) return { outcome: OUTCOME.busy };
  const chunks = staged.map(staging.read);
  if (chunks.includes(undefined)) return { outcome: OUTCOME.stagedUnknown };
  for (const id of staged) staging.drop(id);
  try {
    return write(journal, concatBytes(...(chunks as Bytes[])), place);
  } catch (error) {
    if (isNoemaError(error, "DEV_DUMP_MALFORMED")) return { outcome: OUTCOME.dumpMalformed };
    if (isNoemaError(error, "DEV_DUMP_CHECKSUM")) return { outcome: OUTCOME.dumpChecksum };
    if (isNoemaError(error, "DEV_DUMP_TOO_LARGE")) return { outcome: OUTCOME.dumpTooLarge };
    throw error;
  }
}

function write(journal: Journal, bytes: Bytes, place: Place): Effect {
  const { whole, accounts } = readDump(bytes, MAX_LOAD_ENTRIES);
  const { past } = place;
  const own = { nextSnapshot: readKept(journal).nextSnapshot, snapshots: [...past.slots(KEPT)].filter(isSnapshot) };
  const given = new Set<string>();
  for (const account of accounts()) {
    if (isControl(account.address) && !whole) return { outcome: OUTCOME.reservedAddress };
    writeAccount(journal, account, whole);
    given.add(toHex(account.address));
  }
  const done: Effect = { outcome: OUTCOME.done, value: given.size, bare: true };
  if (!whole) return done;
  for (const address of past.accounts()) if (!given.has(toHex(address)) && !isControl(address)) journal.setAccount(address, undefined);
  const kept = readKept(journal);
  writeKept(journal, { ...kept, nextSnapshot: Math.max(kept.nextSnapshot, own.nextSnapshot) });
  for (const { key, value } of own.snapshots) journal.setSlot(KEPT, key, value);
  return areInRange(readNext(journal), kept, place) ? done : { outcome: OUTCOME.outOfRange };
}

function writeAccount(journal: Journal, { address, nonce, balance, code, slots }: LoadedAccount, whole: boolean): void {
  const codeHash = code.length === 0 ? EMPTY_CODE_HASH : journal.addCode(code);
  const below = whole ? EMPTY_ACCOUNT : (journal.account(address) ?? EMPTY_ACCOUNT);
  if (whole) journal.clearStorage(address);
  journal.setAccount(address, { ...below, nonce, balance, codeHash });
  const isKept = equalBytes(address, KEPT);
  for (const slot of slots) if (!isKept || !isSnapshot(slot)) journal.setSlot(address, slot.key, slot.value);
}

function isControl(address: Bytes): boolean {
  return CONTROL_ACCOUNTS.some((control) => equalBytes(control, address));
}

function isSnapshot({ value }: DumpSlot): boolean {
  return isSnapshotWord(bytesToBigInt(value));
}
