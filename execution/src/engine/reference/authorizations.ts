/**
 * EIP-7702's authorizations in a block. The library recovers their authorities in JavaScript, 40 times as slowly as its own
 * price allows, and ignores the native function that it is given: so it is told that a transaction has none, and they are applied
 * where it would have done so, before the first message.
 */
import { Capability, type TypedTransaction } from "@ethereumjs/tx";
import { toHex } from "@noema/core/bytes";
import { applyAuthorizations } from "../../rules/authorizations.ts";
import type { Journal } from "../../state/journal.ts";
import type { Authorization } from "../../transactions/transaction.ts";
import type { Machine } from "./machine.ts";

/** Returns the gas to refund. */
export function authorize({ vm, fork, chainId }: Machine, journal: Journal, list: readonly Authorization[]): bigint {
  const warm = (authority: Uint8Array) => vm.evm.journal.addAlwaysWarmAddress(toHex(authority));
  return applyAuthorizations({ fork, chainId, journal, warm }, list);
}

/** Runs `run` with the authorizations applied at the first message of `tx`. */
export async function withAuthorizations<T>(
  machine: Machine,
  journal: Journal,
  list: readonly Authorization[],
  tx: TypedTransaction,
  run: () => Promise<T>,
): Promise<T> {
  if (list.length === 0) return run();
  const { evm } = machine.vm;
  const { supports } = tx;
  tx.supports = (capability: Capability) => capability !== Capability.EIP7702EOACode && supports.call(tx, capability);
  const runCall = evm.runCall;
  evm.runCall = async (options) => {
    evm.runCall = runCall;
    const refund = authorize(machine, journal, list);
    const result = await runCall.call(evm, options);
    result.execResult.gasRefund = (result.execResult.gasRefund ?? 0n) + refund;
    return result;
  };
  try {
    return await run();
  } finally {
    evm.runCall = runCall;
  }
}
