/** What the EVM made of a transaction, as the block keeps it. */
import { EVMError } from "@ethereumjs/evm";
import { EthereumJSError } from "@ethereumjs/util";
import type { Bytes } from "@noema/core/ports/bytes";
import type { TransactionFailure } from "../../api.ts";
import { createdAddress } from "../../rules/created-address.ts";
import { blobGasOf, effectiveGasPrice } from "../../rules/fees.ts";
import type { Candidate } from "../../rules/validity.ts";
import type { Place } from "../block/place.ts";
import type { ExecutedTransaction } from "../engine.ts";
import { failureReason } from "./failure.ts";
import type { Ended } from "./root-message.ts";

/** Kept of what a failed transaction reverted with: a reason for people. */
const FAILURE_BYTES = 1024;

export type Executed = {
  gasUsed: bigint;
  execResult: Pick<Ended, "exceptionError" | "returnValue" | "logs" | "runState">;
  logsBloom: Bytes;
};

export function executedTransaction(
  { tx, sender }: Candidate,
  { gasBefore, room }: Place,
  { gasUsed, execResult, logsBloom }: Executed,
): ExecutedTransaction {
  const { hash, raw, type, nonce, to } = tx;
  return {
    hash,
    raw,
    type,
    sender,
    nonce,
    to,
    contractAddress: to === undefined ? createdAddress(sender, nonce) : undefined,
    ok: execResult.exceptionError === undefined,
    gasUsed,
    cumulativeGasUsed: gasBefore + gasUsed,
    effectiveGasPrice: effectiveGasPrice(tx, room.baseFee),
    ...(type === 3 ? { blobGasUsed: blobGasOf(tx), blobGasPrice: room.blobBaseFee } : {}),
    logs: (execResult.logs ?? []).map(([address, topics, data]) => ({ address, topics, data })),
    logsBloom,
    failure: failureOf(execResult),
  };
}

function failureOf(execResult: Executed["execResult"]): TransactionFailure | undefined {
  const error = failureReason(execResult);
  return error === undefined ? undefined : { error, output: execResult.returnValue.slice(0, FAILURE_BYTES) };
}

/** The library throws errors of its own for rules of Ethereum; anything else is a failure of this machine. */
export function refusedByRules(error: unknown): boolean {
  return error instanceof EthereumJSError || error instanceof EVMError;
}
