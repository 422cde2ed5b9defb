import { defineErrors } from "@noema/core/errors";

export const { errors, error: poolError } = defineErrors({
  POOL_KNOWN: { means: "the pool already has this transaction", remedy: "Nothing to do: wait for its receipt.", rpc: -32000 },
  POOL_UNDERPRICED: {
    means: "a transaction with this nonce waits already, and the new one does not pay enough more to replace it",
    remedy: "Raise both maxFeePerGas and maxPriorityFeePerGas by 10 % (blob transactions: double them).",
    rpc: -32000,
  },
  POOL_FULL: {
    means: "the pool is full of transactions that pay at least as much",
    remedy: "Raise the priority fee, or try again later.",
    rpc: -32000,
  },
  POOL_SENDER_FULL: {
    means: "the sender has as many transactions in the pool as one may have",
    remedy: "Wait until some are included.",
    rpc: -32000,
  },
  POOL_REPLACED: {
    means: "a transaction of the same sender and nonce that pays more took its place in the pool",
    remedy: "Nothing to do: wait for the one that replaced it.",
    rpc: -32000,
  },
  POOL_EVICTED: {
    means: "the pool was full, and transactions that pay more took its place",
    remedy: "Send it again with a higher priority fee.",
    rpc: -32000,
  },
  POOL_REVERTED: { means: "the chain went back to before the transaction came", remedy: "Send it again.", rpc: -32000 },
  POOL_NONCE_USED: {
    means: "another transaction of the sender was included with its nonce",
    remedy: "Sign it again with the account's next nonce if it is still wanted.",
    rpc: -32000,
  },
  POOL_DROPPED: {
    means: "a client of the development chain took it out of the pool",
    remedy: "Send it again if it is still wanted.",
    rpc: -32000,
  },
  POOL_BUSY: { means: "too many transactions are being checked at once", remedy: "Send it again in a moment.", rpc: -32000 },
  POOL_JOURNAL_FAILED: {
    means: "the journal could not be written, so the transaction is not accepted, though it may still be included",
    remedy: "The node's operator looks at the disk; send the same transaction again later.",
    rpc: -32000,
  },
  POOL_STOPPED: {
    means: "the pool has not started or is stopping",
    remedy: "Send it to another node, or again once the node is ready.",
    rpc: -32000,
  },
});
