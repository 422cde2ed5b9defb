import { defineErrors } from "@noema/core/errors";

export const { errors, error: cliError } = defineErrors({
  CLI_INPUT_INVALID: {
    means: "what is to be published does not exist as it is named, or changed while it was read",
    remedy: "The message says which; publish it again when nobody writes to it.",
  },
  CLI_OUTPUT_EXISTS: { means: "the file to write exists already", remedy: "Name another, or add --force." },
  CLI_DISK_FULL: {
    means: "the disk has too little room for what is to be written",
    remedy: "Make room, or name a place on another disk with --out; nothing was fetched.",
  },
  CLI_REQUEST_FAILED: {
    means: "a node's answer to a command was cut or is no answer of a Noema node",
    remedy: "Check the URL; the reason stands in the message.",
  },
});
