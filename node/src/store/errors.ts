import { defineErrors } from "@noema/core/errors";

export const { errors, error: storeError } = defineErrors({
  STORE_UNAVAILABLE: {
    means: "the chosen store engine is not installed on this machine",
    remedy: "Choose lmdb, or install @nxtedition/rocksdb (prebuilt for linux-x64 and darwin-arm64, compiled elsewhere).",
  },
  STORE_OTHER_ENGINE: {
    means: "the data directory was made with the other store engine",
    remedy: "Choose the engine that the message names.",
  },
  STORE_KEY_INVALID: {
    means: "a key of the store is empty or longer than 255 bytes, or its table is none of the store's",
    remedy: "Report it: the caller must bound its keys and name its tables.",
  },
  STORE_OLD_LAYOUT: {
    means: "a store was written by an earlier version, which kept all tables in one tree",
    remedy: "Begin a devnet again with --fresh. Elsewhere move the data directory away and let the node catch up from the others.",
  },
  STORE_FAILED: {
    means: "the store could not open, read or write its file",
    remedy: "Look at free space, permissions and the disk; the message names the file.",
    private: true,
  },
  DISK_FULL: {
    means:
      "the disk of the data directory, or this process's share of it, is full down to its reserve: nothing is written, and nothing signed that rests on it",
    remedy: "Free space: the node goes on by itself within seconds (docs/operate/disk-full.md). What was accepted before is kept.",
    http: 507,
    rpc: -32000,
  },
  STORE_CORRUPT: {
    means: "a store's file, or a row of it, is not as the node wrote it",
    remedy: "state.mdb: stop the node and run `noema reexecute --datadir` on its data directory. chain.mdb: docs/operate/store-corrupt.md.",
    private: true,
  },
  LOG_RECORD_TOO_LARGE: {
    means: "a record of an append-only log is above the limit",
    remedy: "Report it: the caller must bound its records.",
  },
  LOG_DAMAGED: {
    means: "an append-only log does not hold any more what it held when the node opened it",
    remedy: "Look at the disk, then start the node again: it says what is lost and goes on as one that lost that log.",
  },
  LOG_OTHER_OWNER: {
    means: "a log in the data directory belongs to another validator's key, another chain or another log of this one",
    remedy:
      "Put back the key or the log that belongs here; the message names both. Where the right log is gone, move the folder away: the validator then starts as one that lost it.",
  },
  LOG_OLD_VERSION: {
    means: "a log was written by an earlier version, which did not bind it to a validator's key",
    remedy: "Begin a devnet again with --fresh. Elsewhere move the folder away: the validator then starts as one that lost that log.",
  },
  LOG_FAILED: {
    means: "an append-only log could not be written or synced; nothing is written to it any more",
    remedy: "Look at free space and the disk, then start the node again.",
    private: true,
  },
  DATADIR_LOCKED: {
    means: "another process uses this data directory",
    remedy: "Stop that process (its id is in the message), or use another directory.",
  },
  DATADIR_UNLOCKABLE: {
    means: "the data directory lies on a file system without Unix sockets, by which a living owner shows itself",
    remedy: "Use a directory on a local disk or a volume; some folders that a desktop shares with containers have no sockets.",
  },
  DATADIR_VERSION_UNKNOWN: {
    means: "the data directory is laid out as a later version of this program does it, or its file `version` is damaged",
    remedy:
      "Start it with the version that last wrote it, or a later one. There is no way back to an earlier one but a backup or a snapshot.",
  },
  DATADIR_OTHER_GENESIS: {
    means: "the data directory belongs to a chain with another genesis",
    remedy: "Use another directory, or the genesis.json it was made with.",
  },
});
