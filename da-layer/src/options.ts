/** Section `da` of genesis.json (what validators agree on) and the options of one node, with their defaults. */
import * as v from "valibot";
import { daError } from "./errors.ts";
import { INCLUSION_WINDOW, MAX_BATCH_BYTES } from "./limits.ts";

const count = (min: number, max: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));

const daGenesisSchema = v.strictObject({
  /** Payload bytes a block may carry, one batch at least; a publisher may send twice its stake share of it (consensus.md 2.10). */
  payloadBytesPerBlock: v.optional(count(MAX_BATCH_BYTES, 2 ** 30), 4 * 1024 * 1024),
  /** Encoded blob bytes a block may carry. */
  blobBytesPerBlock: v.optional(count(131_072, 2 ** 36), 128 * 1024 * 1024),
  /** Sum of gas limits in one batch: at most what a block may hold, or a full one would wait for ever. */
  maxBatchGas: v.optional(count(21_000, 120_000_000), 30_000_000),
  /** Data rows of one object (R). */
  maxRows: v.optional(count(1, 128), 32),
  /** Default life of a blob in heights: 14 days of 400 ms. */
  blobRetention: v.optional(count(INCLUSION_WINDOW + 1, 2 ** 40), 3_024_000),
  /** The longest life that a publisher may ask for. */
  maxBlobRetention: v.optional(count(INCLUSION_WINDOW + 1, 2 ** 40), 6_048_000),
});
export type DaGenesis = v.InferOutput<typeof daGenesisSchema>;

/** Throws DA_OPTIONS_INVALID. */
export function parseDaGenesis(section: unknown): DaGenesis {
  const result = v.safeParse(daGenesisSchema, section);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw daError("DA_OPTIONS_INVALID", `genesis.json: da.${v.getDotPath(issue) ?? ""}: ${issue.message}`);
}

export type PayloadLaneOptions = DaGenesis & {
  /** How long the first transaction waits for company; 0 with one validator. */
  batchDelayMs: number;
  /** Heights for which payload stays readable, at least INCLUSION_WINDOW. */
  retention: number;
  /** Own batches that wait for signatures at the same time. */
  maxPending: number;
  /**
   * Own batches that are not in a block yet. 1 where a block is made for every batch at once: what comes meanwhile shares the next
   * one, instead of a batch, three votes and a block for each transaction.
   */
  maxAhead: number;
  resendMs: number;
  resendMaxMs: number;
  fetchTimeoutMs: number;
};

export function payloadLaneOptions(genesis: DaGenesis, own: Partial<PayloadLaneOptions> = {}): PayloadLaneOptions {
  return {
    batchDelayMs: 20,
    retention: 65_536, // 7 h of 400 ms; 400 bytes of memory a batch until its index lies on disk
    maxPending: 64,
    maxAhead: Number.POSITIVE_INFINITY,
    resendMs: 1000,
    resendMaxMs: 15_000,
    fetchTimeoutMs: 3000,
    ...genesis,
    ...own,
  };
}

export type BlobLaneOptions = DaGenesis & {
  chainId: number;
  /** Heights of one bucket of rows: what is dropped at a time (default a day of 400 ms). */
  bucketHeights: number;
  /** One offer: the receiver loads its KZG set-up, fetches, checks and stores its rows in this time. */
  offerTimeoutMs: number;
  offerRetryMs: number;
  /** A holder that has not answered a retrieval in this time is asked no more, and others are. */
  holderTimeoutMs: number;
};

export function blobLaneOptions(genesis: DaGenesis, chainId: number, own: Partial<BlobLaneOptions> = {}): BlobLaneOptions {
  return {
    chainId,
    bucketHeights: 216_000,
    offerTimeoutMs: 60_000,
    offerRetryMs: 2000,
    holderTimeoutMs: 5000,
    ...genesis,
    ...own,
  };
}
