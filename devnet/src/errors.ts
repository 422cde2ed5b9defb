import { defineErrors } from "@noema/core/errors";

export const { errors, error: devError } = defineErrors({
  DEV_PORT_IN_USE: {
    means: "a port that the devnet needs is taken, twice its own, or beyond the last",
    remedy: "Stop the other process, or choose another port by the flag that the message names.",
  },
  DEV_DATADIR_MISMATCH: {
    means: "the data directory was made with other options",
    remedy: "Start with the same options, another --datadir, or --fresh.",
  },
  DEV_DATADIR_DAMAGED: {
    means: "a file that the devnet wrote into its data directory cannot be read any more",
    remedy: "Restore it from a backup, or make the directory anew with --fresh, which forgets the chain.",
  },
  DEV_NO_DEVNET: { means: "the folder is no devnet's data directory", remedy: "Name the devnet's folder with --datadir." },
  DEV_DEMO_FAILED: {
    means: "the demo did not end as it should: the chain is halted, has no funds for it, or answered otherwise than promised",
    remedy: "Look at what the message names; `npm run noema -- ps` says how the validators are.",
  },
  DEV_TRACE_REFUSED: {
    means: "the node that was asked for a trace does not answer one",
    remedy: "The message is the node's: wait for the receipt, or ask a node that keeps that height.",
  },
  DEV_STATE_REFUSED: {
    means: "the node does not take a file for its state, or does not give it",
    remedy: "The message is the node's: nothing is changed.",
  },
  DEV_ABI_INVALID: { means: "a file given as an ABI holds none", remedy: "Name a JSON ABI, or an artifact of solc, Hardhat or Foundry." },
  DEV_ARTIFACTS_INVALID: {
    means: "a folder given as a project's artifacts holds none that tell of source lines, or more than is read",
    remedy: "Name a Hardhat project or its artifacts folder, or a Foundry project or its out folder, once it is compiled.",
  },
  DEV_VALIDATOR_FAILED: {
    means: "a validator process ended while the devnet was starting",
    remedy: "Read the validator's log, whose path the message names.",
  },
});
