import { defineErrors } from "@noema/core/errors";

/** Codes of execution but for TX_* and POOL_* (pool/errors.ts). SKIP_* are the reasons of skipped transactions: blocks/skipped.ts. */
export const { errors, error: execError } = defineErrors({
  EXEC_OPTIONS_INVALID: { means: "the execution section of genesis.json is wrong", remedy: "Fix the field named in the message." },
  EXEC_FORK_UNKNOWN: {
    means: "genesis.json names an EVM fork that this node does not have",
    remedy: "Use one of the forks that the message names.",
  },
  EXEC_OUT_OF_ORDER: {
    means: "a block was given that is not the next one",
    remedy: "A bug in the caller, or the store belongs to another chain.",
  },
  EXEC_ENGINE_FAILED: {
    means: "the EVM failed inside itself, not because of the transaction; nothing of the block was kept",
    remedy: "Report it with the block; the node does not go on, so that it cannot disagree with the others.",
  },
  EXEC_SENDER_WRONG: {
    means: "a transaction came with another sender than its signature's; nothing of the block was kept",
    remedy: "Report it with the block; the node does not go on. `noema reexecute` recovers every sender again.",
  },
  EXEC_NOT_RUNNING: {
    means: "execution was asked before it started or after it stopped",
    remedy: "Wait for the node to be ready.",
    http: 503,
    rpc: -32000,
  },
  EXEC_WRONG_CHAIN: {
    means: "the state store was made for another genesis",
    remedy: "Use the data directory of this chain, or an empty one.",
  },
  EXEC_STORE_FORMAT: {
    means: "the state store was written by another version of this program, in a format that it does not read",
    remedy: "Start with an empty data directory; a validator keeps its keys and takes the chain from the others.",
  },
  STATE_CORRUPT: { means: "stored state does not match its hash", remedy: "Stop the node and run `noema reexecute --datadir DIR`." },
  STATE_PRUNED: {
    means: "the state of that height is no longer kept",
    remedy: "Ask for a newer height; `execution.history` of genesis.json says how many are kept (0: all).",
    http: 410,
    rpc: -32000,
  },
  HEIGHT_UNKNOWN: { means: "that height is not executed yet", remedy: "Ask for a height up to the latest.", rpc: -32000 },
  DEV_FORBIDDEN: {
    means: "an operation of development chains stands in a block of a chain that is none",
    remedy: "A bug, or more than a third of the stake is faulty: the node does not go on.",
  },
  DEV_MALFORMED: {
    means: "an operation was not understood, and had no effect",
    remedy: "Update the node that sent it, or the validators.",
    rpc: -32602,
  },
  DEV_NONCE_TOO_HIGH: { means: "a nonce above 2^64 - 2 (EIP-2681)", remedy: "Give a lower one.", rpc: -32602 },
  DEV_TIME_BACKWARDS: {
    means: "a timestamp before the newest block's",
    remedy: "Give a later one; time falls only with a revert.",
    rpc: -32602,
  },
  DEV_OUT_OF_RANGE: {
    means:
      "a base fee above 2^128, a gas limit above 2^63 - 1, a time before 1970 or after 2^58 ms, an interval of years, or none or more than 65,536 blocks at once",
    remedy: "Give a value within the limits.",
    http: 400,
    rpc: -32602,
  },
  DEV_RESERVED_ADDRESS: {
    means: "the account holds the chain's controls (0x0afe, 0x0aff)",
    remedy: "Use the method of the control; take another account.",
    http: 400,
    rpc: -32602,
  },
  DEV_NOT_DUE: { means: "the interval since the last block has not passed", remedy: "None: it was asked for by the clock.", rpc: -32000 },
  DEV_STAGED_UNKNOWN: {
    means: "what an operation uses has not come, was used, or came too long ago",
    remedy: "Ask again from the start.",
    http: 503,
    rpc: -32000,
  },
  DEV_BUSY: { means: "another operation of its height came first", remedy: "Ask again.", http: 503, rpc: -32000 },
  DEV_SNAPSHOT_UNKNOWN: {
    means: "no snapshot has this id, or a revert has used it or one before it",
    remedy: "Take a new one.",
    rpc: -32602,
  },
  DEV_NUMBER_UNKNOWN: { means: "the chain has no block of this number to go back to", remedy: "Name one up to the newest.", rpc: -32602 },
  DEV_HISTORY_GONE: {
    means: "the state to go back to is older than what is kept",
    remedy: "Set execution.history of genesis to 0, which keeps all.",
    rpc: -32000,
  },
  DEV_DUMP_MALFORMED: {
    means: "bytes are no dump of a state that is known here: cut off, of another version, a record too long, or numbers out of range",
    remedy: "Dump it again; of anvil's dumps the JSON and its gzip are read.",
    http: 400,
    rpc: -32602,
  },
  DEV_DUMP_CHECKSUM: {
    means: "a dump's bytes are not those that were written",
    remedy: "Copy it again, or dump it again.",
    http: 400,
    rpc: -32602,
  },
  DEV_DUMP_TOO_LARGE: {
    means: "a dump holds more than what is loaded at once: 65 MB, 131,072 accounts and slots",
    remedy: "Load it in parts as anvil's JSON, which is laid over what there is; over JSON-RPC 2.4 MB: put a larger one to /state.",
    http: 413,
    rpc: -32005,
  },
  DEV_STAGED_FULL: {
    means: "more waits for later operations than is kept",
    remedy: "Use it, or wait for 1,024 blocks: what nobody uses is forgotten.",
    http: 503,
    rpc: -32000,
  },
  RLP_INVALID: {
    means: "bytes are not the RLP that is expected there",
    remedy: "The sender is faulty, or the store is damaged.",
    rpc: -32000,
    peer: "reject",
  },
  CALL_REVERTED: { means: "the call reverted; data.output holds what it returned", remedy: "Decode the reason from data.output.", rpc: 3 },
  TRACE_TOO_LARGE: {
    means: "what a trace would answer is longer than this node answers",
    remedy: "Ask for less: `limit`, `disableStack`, one transaction of the block, `callTracer`; the operator sets `execution.traceBytes`.",
    rpc: -32005,
  },
  TRACE_TRACER_UNKNOWN: { means: "there is no tracer of that name here", remedy: "Use one that the message names.", rpc: -32602 },
  TRACE_CONFIG_INVALID: { means: "a tracer's configuration is wrong", remedy: "Fix the field that the message names.", rpc: -32602 },
  CALL_FAILED: {
    means: "the call failed; data.error names the EVM's reason",
    remedy: "Check gas, balance and the called code.",
    rpc: -32000,
  },
  CALL_OVERRIDE_INVALID: {
    means: "an account's override cannot be: it moves what is no precompile, or to where something else stands",
    remedy: "Fix the account that the message names.",
    rpc: -32000,
  },
  SIM_NONCE_TOO_HIGH: {
    means: "a simulated transaction's nonce is above its sender's",
    remedy: "Leave the nonce out, or simulate what comes before it.",
    rpc: -38011,
  },
  SIM_BLOCK_GAS: {
    means: "simulated calls ask for more gas than their block has",
    remedy: "Lower the calls' gas, or set gasLimit among the block's overrides.",
    rpc: -38015,
  },
  SIM_NUMBER_ORDER: {
    means: "numbers of simulated blocks do not rise",
    remedy: "Give each a higher one than the block before.",
    rpc: -38020,
  },
  SIM_TIME_ORDER: {
    means: "timestamps of simulated blocks do not rise",
    remedy: "Give each a later one than the block before.",
    rpc: -38021,
  },
  SIM_LIMIT: {
    means: "more blocks are simulated than one question may",
    remedy: "Ask for fewer, and leave no long gaps between numbers.",
    rpc: -38026,
  },
  QUESTION_STOPPED: {
    means: "a question was given up while it was answered",
    remedy: "Ask for less, or of a node of your own.",
    rpc: -32000,
  },
  LIMIT_EXCEEDED: { means: "more results than allowed", remedy: "Narrow the range or the filter.", rpc: -32005 },
  SKIP_MALFORMED: { means: "the bytes are not a transaction of the active fork", remedy: "Send a valid transaction.", rpc: -32000 },
  SKIP_SENDER_CODE: { means: "the sender has code (EIP-3607)", remedy: "Send from an account without code.", rpc: -32000 },
  SKIP_INTRINSIC_GAS: { means: "the gas limit is below the transaction's own cost", remedy: "Raise the gas limit.", rpc: -32000 },
  SKIP_NONCE_TOO_LOW: { means: "the nonce was used before", remedy: "Use the account's next nonce.", rpc: -32000 },
  SKIP_NONCE_TOO_HIGH: { means: "an earlier nonce was missing at its turn", remedy: "The pool offers it again.", rpc: -32000 },
  SKIP_BALANCE: {
    means: "the sender could not pay for gas and value at its turn",
    remedy: "Fund the account; the pool offers it again.",
    rpc: -32000,
  },
  SKIP_FEE: { means: "the fee was below the block's base fee", remedy: "Raise maxFeePerGas; the pool offers it again.", rpc: -32000 },
  SKIP_BLOB_FEE: { means: "the blob fee was below the block's", remedy: "Raise maxFeePerBlobGas; the pool offers it again.", rpc: -32000 },
  SKIP_BLOCK_GAS: { means: "the block had too little gas left", remedy: "The pool offers it again.", rpc: -32000 },
  SKIP_BLOB_GAS: { means: "the block had too little blob gas left", remedy: "The pool offers it again.", rpc: -32000 },
  SKIP_NO_BLOCK: { means: "its height made no block", remedy: "None: it is offered again.", rpc: -32000 },
  SKIP_REFUSED: { means: "the EVM refused the transaction for another reason", remedy: "See the node's log at debug level.", rpc: -32000 },
});
