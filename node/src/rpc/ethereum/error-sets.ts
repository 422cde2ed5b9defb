/** Codes that methods of one kind share, as their descriptions name them. */
import type { ErrorTable } from "@noema/core/errors";
import { errors as execution } from "@noema/execution/errors";
import { errors as pool } from "@noema/execution/pool/errors";
import { errors as transactions } from "@noema/execution/transactions/errors";

const told = (table: ErrorTable) => Object.keys(table).filter((code) => table[code]?.rpc !== undefined);

/** Of a question at a block. */
export const AT_BLOCK = ["RPC_BLOCK_UNKNOWN", "HEIGHT_UNKNOWN"] as const;
export const AT_STATE = [...AT_BLOCK, "STATE_PRUNED"] as const;
/** Of a message that nobody signed. */
export const OF_CALLS = [...AT_STATE, "CALL_FAILED", "CALL_REVERTED", "CALL_OVERRIDE_INVALID", ...told(transactions)] as const;
export const OF_TRACES = [...AT_STATE, "RPC_TRACE_DISABLED", "TRACE_TOO_LARGE"] as const;
export const OF_TRACERS = [...OF_TRACES, "TRACE_CONFIG_INVALID", "TRACE_TRACER_UNKNOWN"] as const;
/** Of blobs, which are kept for a time. */
export const OF_BLOBS = ["DA_EXPIRED", "DA_UNAVAILABLE"] as const;
export const OF_SENDS = [
  "RLP_INVALID",
  ...told(transactions),
  ...told(pool),
  ...told(execution).filter((code) => code.startsWith("SKIP_")),
  "NO_VALIDATOR_CONNECTED",
] as const;
/** Of a transaction that the node completes and signs. */
export const OF_FILLING = [...OF_CALLS, "RPC_ACCOUNT_UNKNOWN", "RPC_SIGN_INVALID"] as const;
/** Of an operation of a development chain, whatever its kind. */
export const OF_OPERATIONS = ["DEV_BUSY", "DEV_NEEDS_VALIDATOR", "DEV_UNANSWERED", "DEV_OUT_OF_RANGE"] as const;
