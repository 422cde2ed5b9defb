import type { ErrorTable } from "@noema/core/errors";

export const errors = {
  DEV_PORT_IN_USE: {
    means: "a port that the devnet needs is taken, twice its own, or beyond the last",
    remedy: "Stop the other process, or choose another port by the flag that the message names.",
  },
  DEV_DATADIR_MISMATCH: {
    means: "the data directory was made with other options",
    remedy: "Start with the same options, another --datadir, or --fresh.",
  },
  DEV_VALIDATOR_FAILED: {
    means: "a validator process ended while the devnet was starting",
    remedy: "Read the validator's log, whose path the message names.",
  },
} as const satisfies ErrorTable;
