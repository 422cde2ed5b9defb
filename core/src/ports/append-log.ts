import type { Bytes } from "./bytes.ts";

/**
 * An append-only file of checked records. A torn tail is cut at open; everything synced is there afterwards, or `loss` says that it
 * is not.
 */
export interface AppendLog {
  /** What is missing of what was synced, in words; stays, over restarts too, until `settle`. undefined: nothing. */
  readonly loss: string | undefined;
  /** What the owner must remember of the loss is synced. Records below `from` (default: none) are dropped. */
  settle(from?: number): void;
  /** Returns the record's position; positions only grow and survive a restart. */
  append(record: Bytes): number;
  /** Resolves when every record appended before the call is fsynced; concurrent calls share one fsync. */
  sync(): Promise<void>;
  /** The record at a position returned by `append` or `replay`; undefined when dropped. */
  read(position: number): Bytes | undefined;
  /** All records still kept, oldest first. */
  replay(): Iterable<[position: number, record: Bytes]>;
  /** May delete records below `position`, whole segments at a time. */
  dropBelow(position: number): void;
  close(): Promise<void>;
}
