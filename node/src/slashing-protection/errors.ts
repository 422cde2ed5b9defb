import { defineErrors } from "@noema/core/errors";

export const { errors, error: protectionError } = defineErrors({
  INTERCHANGE_INVALID: {
    means: "a file is no slashing protection interchange (EIP-3076) of this program",
    remedy: "Export it again with `noema slashing-protection export` where the key signed last.",
  },
  INTERCHANGE_OTHER_CHAIN: {
    means: "the interchange file is of another chain",
    remedy: "Use that of the chain whose genesis hash the message names second.",
  },
  INTERCHANGE_OTHER_KEY: {
    means: "the interchange file says nothing of the key in the data directory",
    remedy: "Import the key that it was exported for, or name another with --key.",
  },
  KEY_UNPROTECTED: {
    means: "the key was imported, and what it signed elsewhere is not known here: signing could contradict it",
    remedy:
      "`noema slashing-protection import` of what its last machine exported. Of a key that has never signed: `noema keys import --never-signed`.",
  },
  KEY_MOVED: {
    means: "what the key signed was exported from this data directory, so that it signs elsewhere",
    remedy: "Never start it here again. If it did not move: `noema slashing-protection import` of that export, or of the newest one.",
  },
});
