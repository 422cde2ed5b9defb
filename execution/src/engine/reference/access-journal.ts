/**
 * What a transaction has touched and warmed (EIP-161, 2929, 2930), in place of the library's Journal, of which each revert copies
 * all checkpoints that were ever made, and each call makes six collections. Here a checkpoint is a position in a log of additions.
 */
import type { EVM } from "@ethereumjs/evm";
import { type Account, Address } from "@ethereumjs/util";
import { fromHex, toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SwitchableState } from "./state-manager.ts";

/** Stays touched when its call is reverted: mainnet's block 2,675,119 made it a rule. */
const RIPEMD160 = "0000000000000000000000000000000000000003";

const NONE: ReadonlySet<string> = new Set();

type Undo = { from: Set<string> | Map<string, unknown>; key: string };
export type AccessJournal = EVM["journal"] & {
  /** At once: what the methods without "Now" do behind a promise. */
  checkpointNow(): void;
  commitNow(): void;
  revertNow(): void;
  touch(hex: string): void;
  /** As they were touched first. */
  allTouched(): Iterable<string>;
  /** Until it is cleaned. */
  warmFromTheStart(addresses: Pick<ReadonlySet<string>, "has">): void;
  /** As touch, by a call that failed. */
  touchFailed(hex: string): void;
  /** Whether the address was warm; it is from here on. */
  warm(hex: string): boolean;
  /** Whether the slot was; as warm. */
  warmSlot(address: string, slot: string): boolean;
  /** A slot's value before the transaction: `now` where it is asked for first. Before it is written it has to be. */
  original(address: string, slot: string, now: Bytes): Bytes;
};

const bare = (hex: string) => (hex.startsWith("0x") ? hex.slice(2) : hex);

/** `state`: where accounts are written, and what is taken back with the accesses. */
export function createAccessJournal(state: SwitchableState): AccessJournal {
  let warm = new Map<string, Set<string>>();
  let always = new Map<string, Set<string>>();
  let touched = new Set<string>();
  let start: Pick<ReadonlySet<string>, "has"> = NONE;
  let originals = new Map<string, Map<string, Bytes>>();
  let log: Undo[] = [];
  let checkpoints: number[] = [];

  function add(set: Set<string>, key: string): void {
    if (set.has(key)) return;
    set.add(key);
    log.push({ from: set, key });
  }

  function slotsOf(address: string): Set<string> {
    let slots = warm.get(address);
    if (slots === undefined) {
      slots = new Set();
      warm.set(address, slots);
      log.push({ from: warm, key: address });
    }
    return slots;
  }

  function report(address: string): Set<string> | undefined {
    const { accessList } = journal;
    if (accessList === undefined) return undefined;
    let slots = accessList.get(address);
    if (slots === undefined) {
      slots = new Set();
      accessList.set(address, slots);
    }
    return slots;
  }

  function cleanJournal(): void {
    warm = new Map();
    always = new Map();
    touched = new Set();
    start = NONE;
    originals = new Map();
    log = [];
    checkpoints = [];
  }

  const journal = {
    accessList: undefined as Map<string, Set<string>> | undefined,
    preimages: undefined,
    startReportingAccessList() {
      journal.accessList = new Map();
    },
    putAccount(address: Address, account: Account) {
      add(touched, toHex(address.bytes));
      return state.putAccount(address, account);
    },
    deleteAccount(address: Address) {
      add(touched, toHex(address.bytes));
      return state.deleteAccount(address);
    },
    checkpointNow() {
      checkpoints.push(log.length);
      state.journal().checkpoint();
    },
    commitNow() {
      checkpoints.pop();
      state.journal().commit();
    },
    revertNow() {
      const position = checkpoints.pop() ?? 0;
      for (let last = log.length - 1; last >= position; last--) {
        const { from, key } = log[last] as Undo;
        if (from !== touched || key !== RIPEMD160) from.delete(key);
      }
      log.length = position;
      state.journal().revert();
    },
    checkpoint: async () => journal.checkpointNow(),
    commit: async () => journal.commitNow(),
    revert: async () => journal.revertNow(),
    touch: (hex: string) => add(touched, hex),
    allTouched: () => touched,
    warmFromTheStart(addresses: typeof start) {
      start = addresses;
    },
    touchFailed(hex: string) {
      if (hex === RIPEMD160) add(touched, hex);
    },
    warm(address: string) {
      report(address);
      if (warm.has(address)) return true;
      slotsOf(address);
      return always.has(address) || start.has(address);
    },
    warmSlot(address: string, slot: string) {
      report(address)?.add(slot);
      const slots = slotsOf(address);
      if (slots.has(slot)) return true;
      add(slots, slot);
      return always.get(address)?.has(slot) === true;
    },
    original(address: string, slot: string, now: Bytes) {
      let values = originals.get(address);
      if (values === undefined) {
        values = new Map();
        originals.set(address, values);
      }
      const known = values.get(slot);
      if (known === undefined) values.set(slot, now);
      return known ?? now;
    },
    cleanJournal,
    /** EIP-161: what was touched and is empty goes. */
    async cleanup() {
      for (const hex of touched) {
        const address = new Address(fromHex(hex));
        const account = await state.getAccount(address);
        if (account === undefined || account.isEmpty()) await state.deleteAccount(address);
      }
      cleanJournal();
      journal.accessList = undefined;
    },
    addAlwaysWarmAddress(hex: string, listed = false) {
      const address = bare(hex);
      if (!always.has(address)) always.set(address, new Set());
      if (listed) report(address);
    },
    addAlwaysWarmSlot(hex: string, slotHex: string, listed = false) {
      const [address, slot] = [bare(hex), bare(slotHex)];
      journal.addAlwaysWarmAddress(address, listed);
      always.get(address)?.add(slot);
      if (listed) report(address)?.add(slot);
    },
    isWarmedAddress(bytes: Bytes) {
      const address = toHex(bytes);
      return warm.has(address) || always.has(address) || start.has(address);
    },
    addWarmedAddress(bytes: Bytes) {
      const address = toHex(bytes);
      slotsOf(address);
      report(address);
    },
    isWarmedStorage(bytes: Bytes, key: Bytes) {
      const [address, slot] = [toHex(bytes), toHex(key)];
      return warm.get(address)?.has(slot) === true || always.get(address)?.has(slot) === true;
    },
    addWarmedStorage(bytes: Bytes, key: Bytes) {
      const [address, slot] = [toHex(bytes), toHex(key)];
      add(slotsOf(address), slot);
      report(address)?.add(slot);
    },
  };
  // The library's type names its private fields; these are all the members that it and we call.
  return journal as unknown as AccessJournal;
}
