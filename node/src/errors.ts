import { defineErrors } from "@noema/core/errors";

export const { errors, error: nodeError } = defineErrors({
  CONFIG_INVALID: {
    means: "a field of a configuration file, or an environment variable in its place, is missing or wrong",
    remedy: "Fix the field or the variable that the message names; docs/config.md has them all.",
  },
  NOT_A_VALIDATOR: {
    means: "the key in the data directory is not in the genesis validator set",
    remedy: "Use the data directory that was made for this genesis.",
  },
  NO_VALIDATOR_CONNECTED: {
    means: "this node only follows, and no validator is connected to take a transaction",
    remedy: "Wait, or ask another node; where it lasts, check `p2p.peers` and the validators.",
    http: 503,
    rpc: -32000,
    retryAfter: 5,
  },
  CRYPTO_BUSY: {
    means: "more signatures came than this node can check or make",
    remedy: "Try again in a moment.",
    http: 503,
    rpc: -32000,
    retryAfter: 1,
  },
  CRYPTO_ENDED: {
    means: "a thread that checks and makes signatures ended before it answered, or the node stops",
    remedy: "Ask again.",
    http: 503,
    rpc: -32000,
    retryAfter: 1,
  },
  GPU_INSTALL_FAILED: {
    means: "npm could not install the package webgpu",
    remedy: "Read npm's words in the message; the registry must be reachable.",
  },
  HOST_UNUSABLE: {
    means: "the host to listen on is unknown or is not this machine's",
    remedy: "Give an address of this machine: 127.0.0.1 for itself alone, 0.0.0.0 for the network.",
  },
  LISTEN_FAILED: {
    means: "the system does not let this process listen on a port",
    remedy: "Choose another port: those below 1024 are reserved on many systems.",
  },
  PORT_IN_USE: {
    means: "another process listens on a port that this node needs",
    remedy: "Stop the other process, or choose another port.",
  },
  READER_ENDED: {
    means: "the thread that was asked ended before it answered: another question did not stop, or the node stops",
    remedy: "Ask again.",
    http: 503,
    rpc: -32000,
    retryAfter: 1,
  },
  WORKER_DIED: { means: "a worker thread ended by itself", remedy: "Read the log above it; start the node again." },
});
