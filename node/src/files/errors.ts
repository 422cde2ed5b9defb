import { defineErrors } from "@noema/core/errors";

export const { errors, error: filesError } = defineErrors({
  FILE_UNREADABLE: {
    means: "a file cannot be read",
    remedy: "The message names the file and the cause: correct the path or the permissions.",
  },
  FILE_UNWRITABLE: {
    means: "a file or a folder cannot be written",
    remedy: "The message names it and the cause: correct the path, the permissions, or free disk space.",
  },
  FILE_NOT_TOML: {
    means: "a file that must be TOML is not",
    remedy: "The message names the file and where it stops being TOML: correct it there.",
  },
  FILE_NOT_JSON: {
    means: "a file that must be JSON is empty or is not",
    remedy: "Correct the file that the message names, or restore it from a backup.",
  },
});
