import type { ErrorTable } from "@noema/core/errors";

export const errors = {
  CONFIG_INVALID: {
    means: "a field of a configuration file is missing or wrong",
    remedy: "Fix the field that the message names.",
  },
  NOT_A_VALIDATOR: {
    means: "the key in the data directory is not in the genesis validator set",
    remedy: "Use the data directory that was made for this genesis.",
  },
  PORT_IN_USE: {
    means: "another process listens on a port that this node needs",
    remedy: "Stop the other process, or choose another port.",
  },
  WORKER_DIED: { means: "a worker thread ended by itself", remedy: "Read the log above it; start the node again." },
} as const satisfies ErrorTable;
