import { defineErrors } from "@noema/core/errors";

export const { errors, error: reexecuteError } = defineErrors({
  REEXECUTE_DIFFERS: {
    means: "executed again from genesis, a block's result is still not the certified one",
    remedy:
      "The state is not the cause: this version of the code or this machine is. Nothing was changed. Compare version and machine with validators that agree, and report the file that the message names.",
  },
  REEXECUTE_PAYLOAD_MISSING: {
    means: "a block's transactions are neither in the payload journal nor in the old state",
    remedy: "Run it with --from-peers and start the validator: it asks the others for them.",
  },
});
