import { utf8 } from "@noema/core/bytes";

/** Tables of the chain store (encoding.md 9); heights and epochs are u64be, so that keys order by number. */
export const TABLES = {
  /** height -> block hash ‖ SSZ Block; 0 is genesis */
  blocks: "chain_blocks",
  /** block hash -> height */
  heights: "chain_heights",
  /** height -> SSZ Cert (F); only where the block itself was finalized, and not only a descendant */
  finalizations: "chain_finalizations",
  /** height -> SSZ Cert (N) */
  notarizations: "chain_notarizations",
  /** epoch -> height of its last block */
  boundaries: "chain_boundaries",
  /** height -> mix ‖ seed ‖ nextSeed after that block */
  beacons: "chain_beacons",
  /** "tip" -> height of the newest block; "format" -> u64be, what FORMAT is since */
  meta: "chain_meta",
} as const;

export const TIP = utf8("tip");
export const FORMAT_KEY = utf8("format");
/** 2: results in headers have number and systemRoot. The first one did not say so. */
export const FORMAT = 2;
