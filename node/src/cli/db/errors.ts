import { defineErrors } from "@noema/core/errors";

export const { errors, error: dbError } = defineErrors({
  DB_ENGINE: {
    means: "what is asked is done to stores of LMDB; the node's are of another engine",
    remedy: "Nothing: RocksDB compacts its stores itself.",
  },
  DB_DAMAGED: {
    means: "a store or a log of the data directory is not what it must be",
    remedy:
      "The lines above say what. State: `noema reexecute`. Chain or both: `noema snapshot restore`, after chain.mdb and state.mdb are moved away. A log: start the node, which says what it lost and does not sign for it again.",
  },
});
