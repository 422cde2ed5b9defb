/** Section `da` of genesis.json (what validators agree on), and how the lanes of one node keep pace. */
import { BLOCK_BLOB_BYTES, BLOCK_GAS, BLOCK_PAYLOAD_BYTES, INCLUSION_WINDOW } from "@noema/core/chain-limits";
import { integer, option, parseTable } from "@noema/core/option-table";
import * as v from "valibot";
import { daError } from "./errors.ts";
import { MAX_BATCH_BYTES } from "./limits.ts";

const life = integer(INCLUSION_WINDOW + 1, 2 ** 40);

export const daGenesis = v.strictObject({
  payloadBytesPerBlock: option(
    "payload bytes a block may carry, one batch at least; a publisher may send twice its stake share of it (consensus.md 2.10)",
    v.optional(integer(MAX_BATCH_BYTES, 2 ** 30), BLOCK_PAYLOAD_BYTES),
  ),
  blobBytesPerBlock: option("encoded blob bytes a block may carry", v.optional(integer(131_072, 2 ** 36), BLOCK_BLOB_BYTES)),
  maxBatchGas: option(
    "sum of gas limits in one batch: at most what a block may hold, or a full one would wait for ever",
    v.optional(integer(21_000, 120_000_000), BLOCK_GAS),
  ),
  maxRows: option("R, data rows of one object", v.optional(integer(1, 128), 32)),
  blobRetention: option("heights that a blob lives where its publisher says nothing: 14 days of 400 ms", v.optional(life, 3_024_000)),
  maxBlobRetention: option("the longest life that a publisher may ask for", v.optional(life, 6_048_000)),
});
export type DaGenesis = v.InferOutput<typeof daGenesis>;

/** Throws DA_OPTIONS_INVALID. */
export function parseDaGenesis(section: unknown): DaGenesis {
  return parseTable(daGenesis, section, (fault) => daError("DA_OPTIONS_INVALID", `genesis.json: da.${fault}`));
}

export type PayloadLaneOptions = DaGenesis & {
  /** How long the first transaction waits for company; 0 with one validator. */
  batchDelayMs: number;
  /** Heights for which payload stays readable, at least INCLUSION_WINDOW. */
  retention: number;
  /** Own batches that wait for signatures at the same time. */
  maxPending: number;
  /**
   * How long what comes waits while an own batch that was not full is in no block yet; Infinity: until it is, full or not. That is for
   * where a block is made for every batch at once: each transaction would cost a batch, three votes and a block.
   */
  aheadMs: number;
  /** From the cut of a batch of `gapTxs` or more that was not full to the next. */
  gapMs: number;
  /** Fewer in a batch come from somebody who may wait for each before the next. */
  gapTxs: number;
  resendMs: number;
  resendMaxMs: number;
  fetchTimeoutMs: number;
};

/** Where a block is made for every batch: under load a tenth of a second's transactions are one, else each costs four signatures and six fsyncs. */
export const INSTANT_PACE = { batchDelayMs: 0, aheadMs: Number.POSITIVE_INFINITY, gapMs: 100, gapTxs: 64 };

export function payloadLaneOptions(genesis: DaGenesis, own: Partial<PayloadLaneOptions> = {}): PayloadLaneOptions {
  return {
    batchDelayMs: 20,
    retention: 65_536, // 7 h of 400 ms; 400 bytes of memory a batch until its index lies on disk
    maxPending: 64,
    gapMs: 400, // two blocks of a devnet's, one of the default interval
    gapTxs: 4,
    aheadMs: 1000, // blocks come sooner, unless their interval is longer or all cores are busy
    resendMs: 1000,
    resendMaxMs: 15_000,
    fetchTimeoutMs: 3000,
    ...genesis,
    ...own,
  };
}

/** Fourteen times in a row's default life; 1 MiB/s is what HDFS's block scanner takes of a volume: 90 GB a day, a hundredth of a disk. */
const SCRUB = { scrubPeriodMs: 86_400_000, scrubBytesPerSecond: 2 ** 20 };

/** What one validator chooses for itself. */
export const daOptions = v.strictObject({
  diskReserve: option(
    "bytes of the disk that blobs leave to votes and state: below it none is published or signed here",
    v.optional(integer(0, 2 ** 50), 2 ** 31), // state and logs of some days
  ),
  prepareAfterMs: option(
    "from the start to when the set-up for blobs is loaded (2 s of CPU); what needs it sooner loads it then",
    v.optional(integer(0, 2 ** 31 - 1), 15_000), // it slows neither a start nor a chain that lives for seconds
  ),
  scrubPeriodMs: option(
    "time in which each row that lies here is read once in the background, checked and, where it is damaged, rebuilt; 0: never",
    v.optional(integer(0, 2 ** 42), SCRUB.scrubPeriodMs),
  ),
  scrubBytesPerSecond: option(
    "the most that this reads, however long it takes then",
    v.optional(integer(1, 2 ** 40), SCRUB.scrubBytesPerSecond),
  ),
  sidecarRetentionSeconds: option(
    "seconds of the chain's time for which blobs of transactions are kept here; Ethereum's is 4,096 epochs of 32 slots of 12 s",
    v.optional(integer(1, 2 ** 40), 4096 * 32 * 12),
  ),
});

export type BlobLaneOptions = DaGenesis & {
  diskReserve: number;
  prepareAfterMs: number;
  scrubPeriodMs: number;
  scrubBytesPerSecond: number;
  chainId: number;
  /** Heights of one bucket of rows: what is dropped at a time (default a day of 400 ms). */
  bucketHeights: number;
  /** One offer: the receiver loads its KZG set-up, fetches, checks and stores its rows in this time. */
  offerTimeoutMs: number;
  offerRetryMs: number;
  /** A small question to a peer, or a certificate for it. */
  holderTimeoutMs: number;
  /** Rows of 128 KiB that were read of late and stay in memory. */
  hotRows: number;
};

export function blobLaneOptions(genesis: DaGenesis, chainId: number, own: Partial<BlobLaneOptions> = {}): BlobLaneOptions {
  return {
    chainId,
    bucketHeights: 216_000,
    offerTimeoutMs: 60_000,
    offerRetryMs: 2000,
    holderTimeoutMs: 5000,
    diskReserve: 2 ** 31,
    prepareAfterMs: 15_000,
    ...SCRUB,
    hotRows: 128,
    ...genesis,
    ...own,
  };
}
