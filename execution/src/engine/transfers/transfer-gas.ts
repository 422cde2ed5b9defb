/** The gas of a transfer that no program sees, without running it. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { CallRequest } from "../../api.ts";
import type { AccountRecord } from "../../records.ts";
import type { Fork } from "../../rules/forks.ts";
import { messageGas } from "../../rules/intrinsic-gas.ts";
import { hasCode } from "../../state/account.ts";

/** Precompiles of Ethereum, and of a chain, have small numbers for addresses: the bytes before are zero. */
const PRECOMPILE_BYTES = 4;

/** As far as the request itself says. */
export type Transfer = CallRequest & { to: Bytes };
type Account = Pick<AccountRecord, "balance" | "codeHash">;
/** In the state that the transfer would run on. */
export type Parties = { from: Account; to: Account };

/**
 * What `runTransfer` charges. undefined: a program may run, or the engine has to say why it fails.
 * @param baseFee of the block that it would be in
 */
export function transferGas(request: CallRequest, { from, to }: Parties, fork: Fork, baseFee: bigint): bigint | undefined {
  if (!isTransfer(request) || hasCode(from) || hasCode(to)) return undefined;
  const { intrinsic, floor } = messageGas(request, fork);
  const gas = intrinsic > floor ? intrinsic : floor;
  const price = request.gasPrice ?? request.maxFeePerGas ?? 0n;
  if ((price > 0n && price < baseFee) || (request.gas !== undefined && request.gas < gas)) return undefined;
  return from.balance >= gas * price + (request.value ?? 0n) ? gas : undefined;
}

export function isTransfer(request: CallRequest): request is Transfer {
  const { to, data, accessList, authorizationList, blobVersionedHashes } = request;
  if (to === undefined || (data?.length ?? 0) > 0) return false;
  if ((accessList ?? authorizationList ?? blobVersionedHashes ?? request.maxFeePerBlobGas) !== undefined) return false;
  return to.subarray(0, to.length - PRECOMPILE_BYTES).some((x) => x !== 0);
}
