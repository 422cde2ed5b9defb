import { defineErrors } from "@noema/core/errors";

export const { errors, error: keyError } = defineErrors({
  KEY_EXISTS: { means: "a key file stands where a new one should be written", remedy: "Keep it, or move it away: it is never replaced." },
  KEY_FILE_INVALID: {
    means: "a key file is missing or cannot be used",
    remedy: "Restore the file that the message names from its backup, or begin with a new data directory.",
  },
});
