import { defineErrors } from "@noema/core/errors";

export const {
  errors,
  error: p2pError,
  refusal,
} = defineErrors({
  P2P_HELLO_INVALID: {
    means: "the first frame of a connection is no Hello, or came too late",
    remedy: "The peer runs another program or version, or is faulty.",
  },
  P2P_VERSION_MISMATCH: {
    means: "the peer speaks no version of the protocol that is spoken here: they are older than the oldest",
    remedy: "Upgrade the peer, or ask its operator to.",
  },
  P2P_GENESIS_MISMATCH: { means: "the peer is on another chain", remedy: "Give both the same genesis.json, or remove the peer's address." },
  P2P_SPEC_MISMATCH: { means: "the peer has another schedule of forks", remedy: "Give both the same spec.json." },
  P2P_VALIDATOR_INVALID: {
    means: "the peer claims a validator whose key did not sign its peer id, or the signature expired",
    remedy: "Check the peer's key and clock; someone may claim another's key.",
  },
  P2P_FRAME_TOO_LARGE: {
    means: "a peer announced a frame above the limit of its stream",
    remedy: "The peer is faulty; it was disconnected.",
  },
  P2P_FRAME_SLOW: { means: "a peer did not finish a frame in time", remedy: "The peer is faulty or its network is too slow." },
  P2P_FRAME_INVALID: {
    means: "a frame of the publish stream is malformed",
    remedy: "The peer is faulty; it was disconnected.",
    peer: "disconnect",
  },
  P2P_KEY_TWICE: {
    means: "another process has proved this validator's key before; of two with one key the first is heard",
    remedy: "Stop one of the two; KEY_IN_USE in the log of the second says more.",
    peer: "ignore",
  },
  P2P_NO_HANDLER: {
    means: "this node has nothing that takes frames of that lane or topic",
    remedy: "Nothing: the peer runs more than this node, or its node is still starting.",
    peer: "ignore",
  },
  P2P_HANDLER_FAILED: {
    means: "this node failed while it handled a frame",
    remedy: "Read the node's log and report it; the peer is not at fault.",
    peer: "ignore",
  },
  P2P_TOO_MANY_REJECTS: { means: "a peer sent many frames that were rejected", remedy: "The peer is faulty; it was disconnected." },
  P2P_ADDRESS_INVALID: {
    means: "a peer's address is no multiaddr that ends in /p2p/<peer id>",
    remedy: "Write it as /ip4/1.2.3.4/tcp/9000/p2p/12D3...",
  },
  P2P_LISTEN_FAILED: { means: "the p2p port cannot be listened on", remedy: "Stop the process that uses it, or choose another." },
});

export type P2pErrorCode = keyof typeof errors;
