/** The least gas with which a message succeeds, by trying. */
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { CallRequest } from "../api.ts";
import { lesser } from "../bigint.ts";
import type { CallResult } from "../engine/engine.ts";
import { execError } from "../errors.ts";
import { insufficientFunds } from "../transactions/errors.ts";

const CALL_STIPEND = 2300n;
/** Gas that all tries together may use before an estimate within TOLERANCE is enough: some seconds of the reference engine. */
const SEARCH_GAS = 60_000_000n;
/** Thousandths: geth's. */
const TOLERANCE = 15n;

export type Run = (gas: bigint, request?: CallRequest) => Promise<CallResult>;
/** `most`: by every cap but the sender's purse. `price`: 0 where the message names none. */
export type Purse = { most: bigint; price: bigint; sender: Bytes; balance: bigint; value: bigint };

/** Throws CALL_REVERTED, CALL_FAILED, TX_*. */
export async function estimate(run: Run, request: CallRequest, purse: Purse): Promise<bigint> {
  const { price, balance, value } = purse;
  const affordable = price === 0n ? purse.most : balance > value ? (balance - value) / price : 0n;
  const most = lesser(purse.most, affordable);
  const plain = (request.data?.length ?? 0) === 0 && request.to !== undefined && !request.accessList && !request.authorizationList;
  if (plain && most >= 21_000n) {
    const transfer = await run(21_000n);
    if (transfer.ok && transfer.gasUsed === 21_000n) return 21_000n;
  }
  const first = await run(most).catch((error) => {
    if (affordable < purse.most && isNoemaError(error, "TX_INTRINSIC_GAS_TOO_LOW"))
      throw insufficientFunds(purse.sender, balance, (error.data.want as bigint) * price + value);
    throw error;
  });
  if (!first.ok) throw failure(first, most);
  return search(run, first, most);
}

async function search(run: Run, first: CallResult, most: bigint): Promise<bigint> {
  let tried = first.gasUsed;
  const succeeds = async (gas: bigint) => {
    const result = await run(gas);
    tried += result.ok ? result.gasUsed : gas;
    return result.ok;
  };
  // With less than it used before refunds it cannot succeed; with just that much it does, unless it asks for more than it uses.
  if (await succeeds(lesser(first.gasBeforeRefund, most))) return lesser(first.gasBeforeRefund, most);
  let low = first.gasBeforeRefund;
  let high = most;
  // Usually enough: a call passes on at most 63 of 64 parts of its gas (EIP-150).
  const hopeful = ((first.gasBeforeRefund + CALL_STIPEND) * 64n) / 63n;
  if (hopeful < high) {
    if (await succeeds(hopeful)) high = hopeful;
    else low = hopeful;
  }
  while (high - low > 1n && (tried < SEARCH_GAS || (high - low) * 1000n > high * TOLERANCE)) {
    const middle = (low + high) / 2n;
    if (await succeeds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function failure({ output, error }: CallResult, most: bigint): NoemaError {
  if (error === "revert") return execError("CALL_REVERTED", "execution reverted", { output });
  if (error === "out of gas") return execError("CALL_FAILED", `gas required exceeds allowance (${most})`, { error, allowance: most });
  return execError("CALL_FAILED", `${error}`, { error });
}
