import { defineErrors } from "@noema/core/errors";

export const {
  errors,
  error: consensusError,
  refusal,
} = defineErrors({
  CONSENSUS_FRAME_INVALID: {
    means: "a frame of the consensus lane has an unknown type, is longer than its type allows, or does not decode",
    remedy: "The sender runs another version or is faulty; the frame is dropped.",
    peer: "reject",
  },
  CONSENSUS_VOTE_NOT_OWN: {
    means: "a vote or a proposal came over a connection that does not belong to its signer",
    remedy: "Votes are taken only from the authenticated connection of their signer; the frame is dropped.",
    peer: "disconnect",
  },
  CONSENSUS_PEER_NOT_VALIDATOR: {
    means: "a frame of the consensus lane came from a peer that has not proven a validator's key",
    remedy: "Nodes without a validator's key ask for blocks by request; the frame is dropped.",
    peer: "ignore",
  },
  CONSENSUS_VOTE_BAD: {
    means: "a vote's signature does not verify",
    remedy: "The peer that sent it is disconnected.",
    peer: "disconnect",
  },
  CONSENSUS_CERT_BAD: {
    means: "a certificate that a peer sent does not verify",
    remedy: "The peer that sent it is disconnected.",
    peer: "disconnect",
  },
  CONSENSUS_PROPOSAL_BAD: {
    means: "a proposal does not come from its view's leader, or its vote does not name it",
    remedy: "The peer that sent it is disconnected.",
    peer: "disconnect",
  },
  CONSENSUS_LOG_LOST: {
    means: "a vote log does not know all that its key signed, so it can neither say it nor take over what was signed elsewhere",
    remedy: "Start the validator there until it votes again: the others tell it where it stood. Then move the key.",
  },
  CONSENSUS_QUEUE_FULL: {
    means: "the queue of consensus events is full, and the frame was dropped",
    remedy: "The node is overloaded; retries of the protocol repair the loss.",
    peer: "ignore",
  },
  CONSENSUS_OPTIONS_INVALID: {
    means: "the section `consensus` of genesis.json, or the node's consensus options, do not have the required form",
    remedy: "Fix the field named in the message.",
  },
  CONSENSUS_LOG_INVALID: {
    means: "the vote log does not begin with the genesis record of this chain, or holds a record that does not decode",
    remedy: "The data directory belongs to another chain or another version. Never copy a vote log between validators.",
  },
  CONSENSUS_STORE_CORRUPT: {
    means: "the chain store lacks a block or a certificate that its own pointer names",
    remedy: "Restore the data directory, or start from an empty one and let the node catch up.",
    rpc: -32000,
  },
  CONSENSUS_PRUNED: {
    means: "a block is asked for that lies below those that are kept (keepHeights)",
    remedy: "Restore a snapshot that is newer (docs/operate), or connect to a node that keeps all blocks.",
    rpc: -32000,
  },
  CONSENSUS_STORE_FORMAT: {
    means: "the chain store was written by another version of this program, in a format that it does not read",
    remedy: "Start with an empty data directory; a validator keeps its keys and takes the chain from the others.",
  },
  CONSENSUS_STORAGE_FAILED: {
    means: "the vote log or the chain store could not be written or read",
    remedy: "Free disk space or replace the disk, then restart. The node has stopped voting, because an unwritten vote must not be sent.",
    private: true,
  },
  CONSENSUS_ENGINE_FAILED: {
    means: "the engine failed inside itself: this is a fault of the program",
    remedy: "Report it with the log, then restart the node. It has stopped voting; more space or another disk does not help.",
  },
  CONSENSUS_EXECUTION_FAILED: {
    means: "the application could not execute a final block",
    remedy: "It is tried again every second; the cause is in the log. Meanwhile the node finalizes but does not vote for new blocks.",
    private: true,
  },
  CONSENSUS_FORKED: {
    means: "a certificate finalizes a block beside the own finalized chain: more than a third of the stake signed both",
    remedy:
      "The node votes no more and answers neither state nor sends, also after a restart. Keep the data directory as evidence and agree with the other operators which chain goes on; without diverged/forked.json it starts as before.",
    http: 503,
    rpc: -32002,
  },
  CONSENSUS_STOPPED: {
    means: "the consensus service is not running",
    remedy: "Start it, or wait for the node's start to finish.",
    http: 503,
    rpc: -32000,
  },
  CONSENSUS_NOT_FINAL: {
    means: "no finalized block of that height is held here",
    remedy: "Wait until the height is final; a height below a snapshot is not kept.",
    rpc: -32000,
  },
  KEY_IN_USE: {
    means: "another process is alive with this validator's key, or has signed votes with it that this vote log does not know",
    remedy:
      "Run one process with a key. If none runs elsewhere, the vote log is an old copy: restore the newest, or remove the folder votes, so that the rule of a lost log applies.",
  },
  EXEC_DIVERGED: {
    means:
      "this node's execution result contradicts a header that more than two thirds of stake have voted for, or its stored state its own hashes",
    remedy:
      "The node votes no more and answers neither state nor sends, also after a restart; ask another. Its operator stops it and runs `noema reexecute --datadir DIR`, which mends a damaged state, or shows that the code is at fault; both results are in DIR/diverged.",
    http: 503,
    rpc: -32002,
  },
});
