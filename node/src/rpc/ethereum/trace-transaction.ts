import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { MessageTrace } from "@noema/execution/api";
import type { TracerChoice } from "@noema/execution/trace/tracers";
import type { RpcDeps } from "../deps.ts";
import { rpcError } from "../errors.ts";

/** Of a transaction that is in a block. Throws RPC_TRANSACTION_UNKNOWN, and what ChainReads.trace throws. */
export async function traceTransaction({ execution }: RpcDeps, hash: Hash, choice: TracerChoice): Promise<MessageTrace> {
  const [trace] = await execution.trace({ transaction: hash }, choice);
  if (trace === undefined) throw rpcError("RPC_TRANSACTION_UNKNOWN", `transaction ${to0x(hash)} not found in a block`);
  return trace;
}
