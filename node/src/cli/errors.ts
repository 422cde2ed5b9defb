import { defineErrors } from "@noema/core/errors";

export const { errors, error: cliError } = defineErrors({
  CLI_INPUT_INVALID: {
    means: "what is to be published is a folder, or larger than any node takes",
    remedy: "Publish one file, or a part of it.",
  },
  CLI_OUTPUT_EXISTS: { means: "the file to write exists already", remedy: "Name another, or add --force." },
  CLI_REQUEST_FAILED: {
    means: "a node's answer to a command was cut or is no answer of a Noema node",
    remedy: "Check the URL; the reason stands in the message.",
  },
});
