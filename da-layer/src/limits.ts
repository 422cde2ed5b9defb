/** Bounds that validators agree on (consensus.md 2.10, da.md 1). */

/** Of the transactions in one batch: the largest transaction that Ethereum's pools take fits. */
export const MAX_BATCH_BYTES = 131_072;
/** The smallest signed transaction has 97 bytes, so 1,351 fit into a batch. */
export const MAX_BATCH_TXS = 2048;
/** Blocks over which a publisher's share of the lane is counted. */
export const QUOTA_WINDOW = 64;
/** How far a publisher's finalized height may be ahead of ours. */
export const MAX_HEIGHT_AHEAD = 256;
/** Certificates in one answer of `data/certs` and `blob/certs`. */
export const MAX_CERTS_ANSWER = 1024;
