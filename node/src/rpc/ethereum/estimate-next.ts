import type { CallRequest, StateOverride } from "@noema/execution/api";
import { isTransfer, type Transfer, transferGas } from "@noema/execution/engine/transfers/transfer-gas";
import { forkOf } from "@noema/execution/rules/forks";
import type { RpcDeps } from "../deps.ts";
import { nextBlock } from "./next-block.ts";
import { rethrowCallError } from "./revert.ts";

const ZERO_ADDRESS = new Uint8Array(20);

/**
 * The least gas with which the message succeeds in the next block. A plain transfer has no thread asked where nothing waits for that
 * block: the pool knows the accounts. Throws as `ChainReads.estimateGas`, in Ethereum's words.
 */
export async function estimateNext(deps: RpcDeps, request: CallRequest, overrides: readonly StateOverride[] = []): Promise<bigint> {
  const known = overrides.length === 0 && isTransfer(request) ? await transferOf(deps, request) : undefined;
  return known ?? deps.execution.estimateGas(request, nextBlock(deps), overrides).catch(rethrowCallError);
}

async function transferOf({ pool, chain, fork }: RpcDeps, request: Transfer): Promise<bigint | undefined> {
  const [from, to] = await pool.accounts([request.from ?? ZERO_ADDRESS, request.to]);
  if (from === undefined || to === undefined || pool.next().transactions.length > 0) return undefined;
  return transferGas(request, { from, to }, forkOf(fork), chain.nextFees().baseFeePerGas);
}
