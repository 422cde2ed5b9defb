/** Codes of the RPC faces. */
import { defineErrors } from "@noema/core/errors";

export const { errors, error: rpcError } = defineErrors({
  RPC_PARSE: { means: "a request is not JSON", remedy: "Send JSON in UTF-8.", rpc: -32700 },
  RPC_REQUEST_INVALID: {
    means: "a request is JSON but no JSON-RPC 2.0 request",
    remedy: "Send {jsonrpc, id, method, params}.",
    rpc: -32600,
  },
  RPC_METHOD_UNKNOWN: {
    means: "there is no such method here",
    remedy: "See `rpc_modules`; development methods exist on devnets only.",
    rpc: -32601,
  },
  RPC_NAME_TAKEN: {
    means: "two RPC namespaces, or methods of two, have one name",
    remedy: "Rename what was given to the node beside its own namespaces.",
  },
  RPC_PARAMS_INVALID: {
    means: "a parameter is missing or has the wrong form",
    remedy: "Fix the parameter that the message names.",
    http: 400,
    rpc: -32602,
  },
  RPC_LIMIT: {
    means: "a request is above a limit of size, count or range",
    remedy: "Split the request; the limit stands in the message.",
    http: 413,
    rpc: -32005,
  },
  RPC_BUSY: {
    means: "more questions about the chain wait than the node answers in time",
    remedy: "Ask again in a moment, fewer at once.",
    http: 503,
    rpc: -32005,
    retryAfter: 1,
  },
  RPC_DEADLINE: {
    means: "a question took longer than the node's deadline, or nobody waits for its answer any more",
    remedy: "Ask for less: less gas, a narrower range; the operator sets `rpc.deadlineMs`.",
    http: 503,
    rpc: -32000,
  },
  RPC_TRACE_DISABLED: {
    means: "this node's store has one reader, and traces would stop its blocks",
    remedy: "Ask another node, or start this one with `--store lmdb`.",
    rpc: -32000,
  },
  RPC_TRANSACTION_UNKNOWN: {
    means: "the transaction is in no block of this chain",
    remedy: "Wait for its receipt, and ask again.",
    rpc: -32000,
  },
  RPC_INTERNAL: { means: "a fault of the node", remedy: "Read the node's log and report it.", http: 500, rpc: -32603 },
  RPC_BLOCK_UNKNOWN: {
    means: "the block is above the head or was never part of this chain",
    remedy: "Ask for a height up to eth_blockNumber.",
    http: 404,
    rpc: -32001,
  },
  DEV_NEEDS_ONE_VALIDATOR: {
    means: "a method that only a chain of one validator can have",
    remedy: "Start the devnet with --validators 1.",
    rpc: -32000,
  },
  DEV_UNSUPPORTED: {
    means:
      "a setting that this chain cannot change: its id is in every signature and every certificate, and no fee is asked beyond the block's",
    remedy: "Start a devnet with it: --chain-id, --base-fee.",
    rpc: -32602,
  },
  DEV_IN_FLIGHT: {
    means: "the transaction is in a batch already",
    remedy: "Wait for its block, or turn automine off before it is sent.",
    rpc: -32000,
  },
  DEV_ALREADY_MINED: {
    means: "a transaction that should leave the pool is in a block",
    remedy: "Go back before it: evm_revert, anvil_rollback.",
    rpc: -32602,
  },
  DEV_SLOT_UNKNOWN: {
    means: "no slot was found that holds what the token answers",
    remedy: "Set it by anvil_setStorageAt.",
    rpc: -32603,
  },
  DEV_TOO_MANY_BLOCKS: { means: "more blocks at once than 2^24", remedy: "Ask for fewer, or set the clock.", rpc: -32602 },
  RPC_NO_FORKING: {
    means: "a development chain begins with its genesis, not with the state of another chain",
    remedy: "Reset without a fork's URL; load what is needed by transactions.",
    rpc: -32602,
  },
  RPC_FILTER_UNKNOWN: {
    means: "the filter was never installed, or expired after 5 minutes unasked",
    remedy: "Install it again.",
    rpc: -32000,
  },
  RPC_SUBSCRIPTION_UNKNOWN: {
    means: "no such subscription on this connection",
    remedy: "Unsubscribe on the connection that subscribed.",
    rpc: -32000,
  },
  RPC_NEEDS_WEBSOCKET: { means: "subscriptions need a connection", remedy: "Connect by WebSocket to the same port.", rpc: -32004 },
  RPC_ACCOUNT_UNKNOWN: {
    means: "the node holds no key of this account",
    remedy: "Sign in the client, or use one of eth_accounts.",
    rpc: -32000,
  },
  RPC_HOST_REFUSED: {
    means: "a request names a host that is not this node's: a page may have pointed its own name at this machine",
    remedy: "If the name is yours, list it: `--hosts` of a devnet, `rpc.hosts` and `metrics.hosts` of a configuration.",
    http: 403,
    rpc: 4100,
  },
  RPC_ORIGIN_REFUSED: {
    means: "a page of another site asks and its origin is not listed, or is not listed as one that may sign and publish",
    remedy: "If the page is yours, list it: `--cors` of a devnet, `rpc.cors` of a configuration; `ORIGIN+sign` may sign and publish.",
    http: 403,
    rpc: 4100,
  },
  RPC_SIGN_INVALID: {
    means: "what is to be signed cannot be signed as asked",
    remedy: "Fix the field that the message names.",
    rpc: -32000,
  },
  RPC_DA_DISABLED: { means: "this node has no data layer", remedy: "Ask another node.", http: 501, rpc: -32000 },
  RPC_DA_ID_INVALID: { means: "an object's id has not the form of one", remedy: "Give the id that PUT /da answered.", http: 400 },
  RPC_DA_LENGTH_REQUIRED: { means: "an upload does not say its length", remedy: "Send Content-Length.", http: 411 },
  RPC_DA_TOO_LARGE: { means: "an upload is larger than one object can be", remedy: "Split the data into several objects.", http: 413 },
  RPC_DA_QUERY_INVALID: {
    means: "a query member of /da is unknown or malformed, or the body is empty",
    remedy: "Fix what the message names.",
    http: 400,
  },
  RPC_DA_ENCODING_UNKNOWN: {
    means: "an upload is encoded in a way that is not decoded here",
    remedy: "Send it without Content-Encoding: what is put comes back byte for byte.",
    http: 415,
  },
  RPC_RANGE_INVALID: {
    means: "a Range header asks only for bytes beyond the object",
    remedy: "Ask within its size, which noema_daStatus tells.",
    http: 416,
  },
  RPC_HTTP_INVALID: { means: "an HTTP request is malformed", remedy: "Fix the request.", http: 400 },
  RPC_PATH_UNKNOWN: { means: "there is nothing at this path", remedy: "JSON-RPC is POST /.", http: 404 },
});
