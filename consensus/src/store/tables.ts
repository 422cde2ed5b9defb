import { utf8 } from "@noema/core/bytes";

/** Tables of the chain store (encoding.md 9); heights and epochs are u64be, so that keys order by number. */
export const TABLES = {
  /** height -> (stored-block.ts); 0 is genesis */
  blocks: "chain_blocks",
  /** 8 bytes of the block hash ‖ height -> nothing (core's short-hash.ts) */
  heights: "chain_heights",
  /** height -> F over that block (stored-cert.ts); only where the block itself was finalized, and not only a descendant */
  finalizations: "chain_finalizations",
  /** height -> N, likewise; only where there is no F: that proves more */
  notarizations: "chain_notarizations",
  /** epoch -> height of its last block */
  boundaries: "chain_boundaries",
  /** height -> seed ‖ nextSeed after that block; only where they are others than after the block before */
  seeds: "chain_seeds",
  /** "tip" -> height of the newest block; "oldest" -> from which height on all are kept (pruning.ts); "format" -> u64be, what FORMAT is since */
  meta: "chain_meta",
} as const;

export const TIP = utf8("tip");
export const OLDEST = utf8("oldest");
export const FORMAT_KEY = utf8("format");
/** 3: packed blocks, short hashes, seeds where they change. 2: results in headers have number and systemRoot. The first one did not say so. */
export const FORMAT = 3;
