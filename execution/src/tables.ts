/** Tables of the `state` store (encoding.md 9). What lies in them: state/keys.ts, state/upper-refs.ts, blocks/store.ts, blocks/numbers.ts, blocks/quiet.ts, blocks/bodies.ts, system/staging.ts. */
export const ACCOUNTS = "accounts";
export const SLOTS = "slots";
export const ACCOUNT_NODES = "account-nodes";
export const STORAGE_NODES = "storage-nodes";
export const CODE = "code";
export const HISTORY = "history";
export const CHANGES = "changes";
export const UPPER_REFS = "upper-refs";
export const PREIMAGES = "preimages";
export const BLOCKS = "blocks";
export const NUMBERS = "numbers";
export const ABANDONED = "abandoned";
export const QUIET = "quiet";
export const HASHES = "hashes";
export const TXS = "txs";
export const BODIES = "bodies";
export const STAGED = "staged";
export const META = "meta";

export const STATE_TABLES: readonly string[] = [
  ...[ACCOUNTS, SLOTS, ACCOUNT_NODES, STORAGE_NODES, CODE, HISTORY, CHANGES, UPPER_REFS, PREIMAGES],
  ...[BLOCKS, NUMBERS, ABANDONED, QUIET, HASHES, TXS, BODIES, STAGED, META],
];
