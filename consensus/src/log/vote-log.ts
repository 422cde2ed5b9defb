/**
 * The vote log over an AppendLog: nothing is signed or sent before its record is synced, and a restart begins from the records.
 * `init` writes the genesis record; a log without it was lost, and the lost log rule applies (consensus.md 2.8.5).
 */
import { equalBytes, to0x } from "@noema/core/bytes";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Hash } from "@noema/core/ports/bytes";
import type { LogRecord } from "../engine/events.ts";
import { consensusError } from "../errors.ts";
import { onDisk } from "../on-disk.ts";
import type { Cert, Round } from "../types.ts";
import { decodeRecord, encodeRecord, roundOf, type StoredRecord } from "./records.ts";

/** Views kept below the floor, for evidence. */
const KEPT_VIEWS = 256;
/** Dropping rewrites what must be kept, so it is done once in so many records. */
const DROP_BATCH = 512;

export type VoteLog = {
  /** The records that were in the log when it was opened, oldest first; empty when `lost`. */
  records: readonly LogRecord[];
  /** There was no genesis record: the file is new, or the write of `beginLostLog` was torn. More is known to be lost by the log itself. */
  lost: boolean;
  append(records: readonly LogRecord[]): void;
  sync(): Promise<void>;
  /** Lets go of records of rounds more than 256 views below the floor. */
  prune(floor: Round): Promise<void>;
};

/** Writes the first record of a new validator's log; does nothing where one stands. Throws CONSENSUS_LOG_INVALID for another chain's. */
export async function initVoteLog(log: AppendLog, genesisHash: Hash): Promise<void> {
  if (!openVoteLog(log, genesisHash).lost) return;
  log.append(encodeRecord({ type: "Genesis", genesisHash }));
  await log.sync();
}

/**
 * Begins a new log in the place of a lost one; what is left of that goes. The state comes first, so that a torn tail never looks like
 * a validator's first log. `newest`: the newest F of the chain store, which this log does not lack then.
 */
export async function beginLostLog(log: AppendLog, genesisHash: Hash, newest?: Cert): Promise<void> {
  const begins = log.append(encodeRecord({ type: "Lost" }));
  log.append(encodeRecord({ type: "Genesis", genesisHash }));
  if (newest !== undefined) log.append(encodeRecord({ type: "Cert", cert: newest }));
  await log.sync();
  log.settle(begins);
}

/**
 * F is durable in the log before its block is in the chain store: without an F at or above the store's newest, the log is older
 * than the store, and not what this validator last wrote.
 */
export function lacksFinal(records: readonly LogRecord[], newest: Cert | undefined): boolean {
  if (newest === undefined) return false;
  return !records.some((r) => r.type === "Cert" && r.cert.kind === "finalize" && !isBelow(r.cert, newest));
}

/** Reads the whole log; throws CONSENSUS_LOG_INVALID when it is another chain's. */
export function openVoteLog(log: AppendLog, genesisHash: Hash): VoteLog {
  const rounds: { position: number; round: Round }[] = [];
  const records: LogRecord[] = [];
  let lasting: StoredRecord[] = [{ type: "Genesis", genesisHash }];
  let opened = false;

  function note(position: number, record: StoredRecord): void {
    const round = roundOf(record);
    if (round !== undefined) rounds.push({ position, round: { epoch: round.epoch, view: round.view } });
    else if (record.type === "Lost") lasting = [{ type: "Genesis", genesisHash }, record];
    else if (record.type === "Resume") lasting = [...lasting.filter((x) => x.type !== "Resume"), record];
  }

  for (const [position, bytes] of log.replay()) {
    const record = decodeRecord(bytes);
    note(position, record);
    if (record.type !== "Genesis") {
      records.push(record);
      continue;
    }
    if (!equalBytes(record.genesisHash, genesisHash))
      throw consensusError("CONSENSUS_LOG_INVALID", `the log is that of genesis ${to0x(record.genesisHash)}, not ${to0x(genesisHash)}`);
    opened = true;
  }
  return {
    records,
    lost: !opened,
    append(added) {
      for (const record of added) {
        const bytes = encodeRecord(record);
        note(
          onDisk(() => log.append(bytes)),
          record,
        );
      }
    },
    sync: () => onDisk(() => log.sync()),
    async prune(floor) {
      const keep = keepFrom(floor);
      const first = rounds.findIndex(({ round }) => !isBelow(round, keep));
      const dropped = first === -1 ? rounds.length : first;
      if (dropped < DROP_BATCH) return;
      // Records that must outlive their segment are written again before it may go.
      const again = lasting.map(encodeRecord);
      onDisk(() => again.map((bytes) => log.append(bytes)));
      await onDisk(() => log.sync());
      rounds.splice(0, dropped);
      const [oldest] = rounds;
      if (oldest !== undefined) onDisk(() => log.dropBelow(oldest.position));
    },
  };
}

/** 256 views below the floor; across an epoch's start the whole epoch before is kept. */
function keepFrom(floor: Round): Round {
  return floor.view > KEPT_VIEWS ? { epoch: floor.epoch, view: floor.view - KEPT_VIEWS } : { epoch: floor.epoch - 1, view: 0 };
}

function isBelow(a: Round, b: Round): boolean {
  return a.epoch < b.epoch || (a.epoch === b.epoch && a.view < b.view);
}
