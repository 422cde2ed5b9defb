import { defineErrors } from "@noema/core/errors";

/** Of operations on a development chain; how one ended: execution's DEV_*. */
export const { errors, error: chainError } = defineErrors({
  DEV_NEEDS_VALIDATOR: {
    means: "this node is no validator, so it cannot publish an operation",
    remedy: "Send it to a validator's RPC.",
    http: 503,
    rpc: -32000,
  },
  DEV_UNANSWERED: {
    means: "an operation was not executed in time; it may still be",
    remedy: "Look whether the chain goes on, and at what the operation changes; data.id names it.",
    http: 503,
    rpc: -32000,
    retryAfter: 5,
  },
});
