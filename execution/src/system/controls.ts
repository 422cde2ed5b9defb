/**
 * The controls of a development chain (system-operations.md 6), in storage: journalled with the height that sets them, agreed on by the
 * state root, there again after a crash. Slots are part of the protocol. Only operations write them.
 */

import { bigIntToBytes, bytesToBigInt, u64be } from "@noema/core/bytes";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import { entryKey, KEPT, RESTORED, readWord, type Slots, slotKey, type WritableSlots, writeWord } from "./control-slots.ts";

/** How the blocks after this one are made. A revert takes it back. */
export type NextControls = {
  /** Between consensus' time and the chain's: added. */
  offsetMs: bigint;
  /** Of the next whole block alone; seconds. */
  timestamp?: bigint;
  baseFee?: bigint;
  prevRandao?: Hash;
  /** Until changed. Seconds from block to block. */
  timestampInterval?: bigint;
  coinbase?: Bytes;
  gasLimit?: bigint;
};

/** `every`: each height has a block; `auto`: each that has transactions. Neither: only what asks for one. */
export type Mining = { every: boolean; auto: boolean /** Of nodes that ask for blocks by the clock; 0: none does. */; intervalMs: number };

/** What a revert leaves as it is. */
export type KeptControls = {
  /** Absent: as genesis has it. */
  mining?: Mining;
  /** Never used again, not after a reset either. */
  nextSnapshot: number;
  resets: number;
  autoImpersonate: boolean;
};

export type Snapshot = { height: Height /** The chain's time. */; clockMs: bigint };

const NEXT = { offset: 0, timestamp: 1, baseFee: 2, hasRandao: 3, prevRandao: 4, interval: 5, coinbase: 6, gasLimit: 7 };
const OWN = { mining: 0, nextSnapshot: 1, resets: 2, autoImpersonate: 3, impersonated: 4, snapshots: 5, minedMs: 6 };

/** A snapshot: that it is one, height, clock. */
const HEIGHT_BITS = 64n;
const CLOCK_BITS = 96n;

export function readNext(slots: Slots): NextControls {
  const word = (slot: number) => readWord(slots, RESTORED, slotKey(slot));
  /** Kept as one more, since zero is a value. */
  const optional = (slot: number) => (word(slot) === 0n ? undefined : word(slot) - 1n);
  const coinbase = optional(NEXT.coinbase);
  /** As the EVM takes one: what a load brings may be any word. */
  const address = (value: bigint) => bigIntToBytes(BigInt.asUintN(160, value), 20);
  return {
    offsetMs: BigInt.asIntN(256, word(NEXT.offset)),
    timestamp: optional(NEXT.timestamp),
    baseFee: optional(NEXT.baseFee),
    prevRandao: word(NEXT.hasRandao) === 0n ? undefined : bigIntToBytes(word(NEXT.prevRandao), 32),
    timestampInterval: optional(NEXT.interval),
    coinbase: coinbase === undefined ? undefined : address(coinbase),
    gasLimit: optional(NEXT.gasLimit),
  };
}

/** The whole of it: what is absent is removed. */
export function writeNext(slots: WritableSlots, next: NextControls): void {
  const put = (slot: number, value: bigint) => writeWord(slots, RESTORED, slotKey(slot), value);
  const optional = (slot: number, value: bigint | undefined) => put(slot, value === undefined ? 0n : value + 1n);
  put(NEXT.offset, BigInt.asUintN(256, next.offsetMs));
  optional(NEXT.timestamp, next.timestamp);
  optional(NEXT.baseFee, next.baseFee);
  put(NEXT.hasRandao, next.prevRandao === undefined ? 0n : 1n);
  put(NEXT.prevRandao, next.prevRandao === undefined ? 0n : bytesToBigInt(next.prevRandao));
  optional(NEXT.interval, next.timestampInterval);
  optional(NEXT.coinbase, next.coinbase && bytesToBigInt(next.coinbase));
  optional(NEXT.gasLimit, next.gasLimit);
}

export function readKept(slots: Slots): KeptControls {
  const word = (slot: number) => readWord(slots, KEPT, slotKey(slot));
  const mining = word(OWN.mining);
  return {
    mining: mining === 0n ? undefined : { every: (mining & 2n) !== 0n, auto: (mining & 4n) !== 0n, intervalMs: Number(mining >> 8n) },
    nextSnapshot: Number(word(OWN.nextSnapshot)),
    resets: Number(word(OWN.resets)),
    autoImpersonate: word(OWN.autoImpersonate) !== 0n,
  };
}

export function writeKept(slots: WritableSlots, { mining, nextSnapshot, resets, autoImpersonate }: KeptControls): void {
  const put = (slot: number, value: bigint) => writeWord(slots, KEPT, slotKey(slot), value);
  const modes = mining && 1n | (mining.every ? 2n : 0n) | (mining.auto ? 4n : 0n) | (BigInt(mining.intervalMs) << 8n);
  put(OWN.mining, modes ?? 0n);
  put(OWN.nextSnapshot, BigInt(nextSnapshot));
  put(OWN.resets, BigInt(resets));
  put(OWN.autoImpersonate, autoImpersonate ? 1n : 0n);
}

/** Consensus' time of the newest whole block, while mining has an interval. */
export function readMinedMs(slots: Slots): number {
  return Number(readWord(slots, KEPT, slotKey(OWN.minedMs)));
}

export function writeMinedMs(slots: WritableSlots, timestampMs: number): void {
  writeWord(slots, KEPT, slotKey(OWN.minedMs), BigInt(timestampMs));
}

/** By itself, whether everybody is or not. */
export function isImpersonated(slots: Slots, address: Bytes): boolean {
  return readWord(slots, KEPT, impersonatedKey(address)) !== 0n;
}

export function writeImpersonated(slots: WritableSlots, address: Bytes, on: boolean): void {
  writeWord(slots, KEPT, impersonatedKey(address), on ? 1n : 0n);
}

/** Of KEPT: not zero where the address is impersonated. */
export function impersonatedKey(address: Bytes): Hash {
  return entryKey(OWN.impersonated, address);
}

export function readSnapshot(slots: Slots, id: number): Snapshot | undefined {
  const word = readWord(slots, KEPT, snapshotKey(id));
  if (word === 0n) return undefined;
  const height = Number(BigInt.asUintN(Number(HEIGHT_BITS), word >> CLOCK_BITS));
  return { height, clockMs: BigInt.asUintN(Number(CLOCK_BITS), word) };
}

/** Of a slot of KEPT: no other word of it is as large. */
export function isSnapshotWord(word: bigint): boolean {
  return word >> (HEIGHT_BITS + CLOCK_BITS) !== 0n;
}

/** undefined removes it. `clockMs` is below 2^96. */
export function writeSnapshot(slots: WritableSlots, id: number, snapshot: Snapshot | undefined): void {
  const word = snapshot && (((1n << HEIGHT_BITS) | BigInt(snapshot.height)) << CLOCK_BITS) | snapshot.clockMs;
  writeWord(slots, KEPT, snapshotKey(id), word ?? 0n);
}

function snapshotKey(id: number): Hash {
  return entryKey(OWN.snapshots, u64be(id));
}
