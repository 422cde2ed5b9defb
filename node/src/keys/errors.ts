import { defineErrors } from "@noema/core/errors";

export const { errors, error: keyError } = defineErrors({
  KEY_EXISTS: { means: "a key file stands where a new one should be written", remedy: "Keep it, or move it away: it is never replaced." },
  KEY_FILE_INVALID: {
    means: "a key file is missing or cannot be used",
    remedy: "Restore the file that the message names from its backup, or begin with a new data directory.",
  },
  KEY_AMBIGUOUS: {
    means: "a folder holds several keystores, and nothing says which one is meant",
    remedy: "Name its public key: `validatorKey` of the configuration, or --key of the command. The message lists them.",
  },
  KEY_UNKNOWN: {
    means: "the key that is named is not in the folder",
    remedy: "`noema keys list` shows which there are; `noema keys import` brings others.",
  },
  KEYSTORE_INVALID: {
    means: "a file is no keystore of EIP-2335, or asks for more work than any is made with",
    remedy: "Restore the file that the message names from its backup, or derive the key again from its mnemonic.",
  },
  KEYSTORE_PASSWORD_WRONG: {
    means: "the password does not open the keystore",
    remedy: "Name the file with the password that the keystore was made with.",
  },
  PASSWORD_FILE_MISSING: {
    means: "the validator's key is encrypted, and nothing says where its password is",
    remedy: "Name a file that its owner alone can read: `passwordFile` of the configuration, --password-file.",
  },
  MNEMONIC_INVALID: {
    means: "a mnemonic is none of BIP-39's English words",
    remedy: "Correct the word that the message names.",
  },
  SECRET_FILE_OPEN: {
    means: "a file with a password, a mnemonic or a key can be read by others than its owner",
    remedy: "chmod 600 the file that the message names; where others may have read it, change the secret.",
  },
  SECRET_FILE_INVALID: {
    means: "a file that should hold a password or a mnemonic is empty, or too large for one",
    remedy: "Name the file that holds it, as one line of text.",
  },
});
