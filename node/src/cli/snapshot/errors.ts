import { defineErrors } from "@noema/core/errors";

export const { errors, error: snapshotError } = defineErrors({
  SNAPSHOT_ENGINE: {
    means: "snapshots are of stores of LMDB; the node's are of another engine, which one process alone can open",
    remedy: "Stop the node and copy its folder, or use a node with the store lmdb.",
  },
  SNAPSHOT_NOTHING: {
    means: "the node has no final block yet, or none is executed",
    remedy: "Take the snapshot of a node that has some.",
  },
  SNAPSHOT_INVALID: {
    means: "the folder is no snapshot, or a file in it is not what was written",
    remedy: "Take it again, or copy it again; nothing was changed.",
  },
  SNAPSHOT_OTHER_VERSION: {
    means: "the snapshot is laid out as another version of this program does it",
    remedy: "Restore it with the version that made it, then start this one; or take it with this one.",
  },
  SNAPSHOT_OTHER_CHAIN: {
    means: "the snapshot is of a chain with another genesis",
    remedy: "Use a snapshot of this network, or the folder of the network that it is of.",
  },
  SNAPSHOT_OLDER: {
    means: "the data directory is as far as the snapshot, or farther",
    remedy:
      "Start the node as it is. Where its stores are damaged, move chain.mdb and state.mdb away, and nothing else, then restore again.",
  },
});
