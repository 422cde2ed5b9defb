import { defineErrors } from "@noema/core/errors";

export const { errors, error: networkError } = defineErrors({
  NETWORK_FILE_INVALID: {
    means: "a file of `noema network` does not have the required form",
    remedy: "Fix the field that the message names, or ask who made the file for it again.",
  },
  NETWORK_FILE_EXISTS: {
    means: "the file to write exists, and says something else",
    remedy: "Compare the two: equal inputs give equal files. Name another with --out.",
  },
  REGISTRATION_INVALID: {
    means: "a validator's registration cannot be part of the network",
    remedy: "Its operator makes it again with `noema network register`; the message says what is wrong with it.",
  },
  INIT_EXISTS: {
    means: "the data directory is part of a network already",
    remedy: "Start it with `noema start`, or use another directory.",
  },
});
