import { defineErrors } from "@noema/core/errors";

export const { errors, error: daError } = defineErrors({
  DA_OPTIONS_INVALID: {
    means: "the `da` section of genesis.json does not have the required form",
    remedy: "Fix the field that the message names.",
  },
  DA_FRAME_INVALID: {
    means: "a peer sent a data frame or a request that does not decode or is above its limit",
    remedy: "Nothing: the peer is dropped.",
    http: 503,
    private: true,
    peer: "disconnect",
  },
  DA_BATCH_INVALID: {
    means: "a batch of transactions breaks a static rule",
    remedy: "Nothing: it is not signed. Its publisher is faulty.",
    peer: "disconnect",
  },
  DA_BATCH_STALE: {
    means: "a batch or blob lies outside the epochs or heights that can still be included",
    remedy: "Nothing: its publisher makes a new one.",
    http: 503,
    rpc: -32000,
    retryAfter: 1,
    peer: "ignore",
  },
  DA_EQUIVOCATION: { means: "a publisher used one (epoch, seq) for two ids", remedy: "Nothing: only the first is signed.", peer: "reject" },
  DA_LOG_LOST: {
    means: "this validator lost records of what it signed, so it signs no data headers of epochs in which it may have signed before",
    remedy: "Wait until the epoch after next begins; the log of the start names what was lost. Other validators publish meanwhile.",
    http: 503,
    rpc: -32000,
    peer: "ignore",
  },
  DA_QUOTA: {
    means: "a publisher sent more than twice its share of the lane's bytes in 64 blocks",
    remedy: "Wait for blocks, or publish less.",
    http: 429,
    rpc: -32000,
    retryAfter: 10,
    peer: "ignore",
  },
  DA_CERT_INVALID: {
    means: "an availability certificate does not verify",
    remedy: "Nothing: the peer is dropped.",
    http: 503,
    private: true,
    peer: "disconnect",
  },
  DA_NOT_VALIDATOR: {
    means: "this node is no validator, so it cannot publish",
    remedy: "Send the data to a validator's RPC.",
    http: 503,
    rpc: -32000,
  },
  DA_TOO_LARGE: {
    means: "the data is larger than one object can be",
    remedy: "Split it into several objects; the message names the limit.",
    http: 413,
    rpc: -32000,
  },
  DA_BUSY: {
    means: "this node publishes as many objects at once as it can hold",
    remedy: "Try again when one of them is included.",
    http: 503,
    rpc: -32000,
    retryAfter: 5,
  },
  DA_LENGTH_MISMATCH: {
    means: "the data does not have the announced number of bytes",
    remedy: "Announce the exact length.",
    http: 400,
    rpc: -32000,
  },
  DA_ARGUMENT_INVALID: {
    means: "a namespace, range or expiry is out of bounds",
    remedy: "The message names the limit.",
    http: 400,
    rpc: -32000,
  },
  DA_NOT_FOUND: {
    means: "no object of this id is known here or to the connected peers",
    remedy: "Check the id; it may have expired.",
    http: 404,
    rpc: -32001,
  },
  DA_UNAVAILABLE: {
    means: "fewer good rows could be had than the object needs",
    remedy: "Try again when more validators are connected.",
    http: 503,
    rpc: -32000,
    retryAfter: 5,
  },
  DA_UNCERTIFIED: {
    means: "no quorum signed the object, or no block included it, before it went stale or the node stopped",
    remedy: "Publish again when more than 2/3 of the stake is connected.",
    http: 503,
    rpc: -32000,
    retryAfter: 5,
  },
  DA_OBJECT_INVALID: {
    means: "an object's header, commitments or proof do not verify",
    remedy: "Nothing: it is not signed. Its publisher is faulty.",
    http: 503,
    private: true,
  },
  DA_ROW_MISMATCH: {
    means: "a row does not agree with its object's commitments",
    remedy: "Nothing: the holder or the publisher is faulty; other rows are asked for.",
    http: 503,
    private: true,
  },
  DA_PAYLOAD_INVALID: {
    means: "the object is available but breaks the payload convention",
    remedy: "Nothing: its publisher encoded it wrongly, and every reader sees the same.",
    http: 422,
    rpc: -32000,
  },
  DA_WORKER_FAILED: {
    means: "the worker thread that does the rows' arithmetic failed",
    remedy: "Look at the cause in the log; the next request starts a new one.",
    http: 500,
    rpc: -32000,
    private: true,
  },
});

export type DaErrorCode = keyof typeof errors;
