import type { ErrorTable } from "@noema/core/errors";

export const errors = {
  STORE_UNAVAILABLE: {
    means: "the chosen store engine is not installed on this machine",
    remedy: "Choose lmdb, or install @nxtedition/rocksdb (prebuilt for linux-x64 and darwin-arm64, compiled elsewhere).",
  },
  STORE_KEY_INVALID: {
    means: "a key of the store is empty or longer than 255 bytes",
    remedy: "Report it: the caller must bound its keys.",
  },
  STORE_FAILED: {
    means: "the store could not open, read or write its file",
    remedy: "Look at free space, permissions and the disk; the message names the file.",
  },
  LOG_RECORD_TOO_LARGE: {
    means: "a record of an append-only log is above the limit",
    remedy: "Report it: the caller must bound its records.",
  },
  LOG_DAMAGED: {
    means: "an append-only log is damaged before its last records, so more than a torn write happened to it",
    remedy: "Restore the file from a backup, or set the validator up as one that lost its log.",
  },
  LOG_FAILED: {
    means: "an append-only log could not be written or synced; nothing is written to it any more",
    remedy: "Look at free space and the disk, then start the node again.",
  },
  DATADIR_LOCKED: {
    means: "another process uses this data directory",
    remedy: "Stop that process (its id is in the message), or use another directory.",
  },
  DATADIR_OTHER_GENESIS: {
    means: "the data directory belongs to a chain with another genesis",
    remedy: "Use another directory, or the genesis.json it was made with.",
  },
} as const satisfies ErrorTable;
