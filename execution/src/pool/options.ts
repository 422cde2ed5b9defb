/** What a node may choose, and what nobody had to yet. */
import * as v from "valibot";
import { poolOptions } from "../options.ts";

export type PoolOptions = v.InferOutput<typeof poolOptions> & {
  /** How much more a replacement pays, in percent; geth's values. */
  replaceBump: bigint;
  blobReplaceBump: bigint;
  /** The k-th home offers a transaction k times this after it was seen. */
  homeDelayMs: number;
  /** A transaction in a batch that neither got into a block nor came back is offered again after either. */
  inFlightHeights: number;
  inFlightMs: number;
  /** Adds that wait for recovery or account at once. */
  maxArriving: number;
  maxArrivingBytes: number;
  /** Accounts remembered of those who sent or were asked for; more than may arrive at once. About 250 bytes each. */
  accountsKept: number;
  /** Of what the pool held at snapshots, for the ways back to them, each counted whole though they share what they hold. */
  imageBytes: number;
  /** The journal is rewritten when its dead records outweigh the live ones by this many bytes. */
  journalSlackBytes: number;
};

export const poolDefaults: PoolOptions = {
  ...v.parse(poolOptions, {}),
  replaceBump: 10n,
  blobReplaceBump: 100n,
  homeDelayMs: 2_000,
  inFlightHeights: 256,
  inFlightMs: 60_000,
  maxArriving: 32_768,
  maxArrivingBytes: 32 * 1024 * 1024,
  accountsKept: 65_536,
  imageBytes: 256 * 1024 * 1024,
  journalSlackBytes: 256 * 1024,
};
