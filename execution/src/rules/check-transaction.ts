/** What can be said of a transaction without state or signature; each function throws TX_*. */
import { to0x } from "@noema/core/bytes";
import { txError } from "../transactions/errors.ts";
import { IMPERSONATED } from "../transactions/impersonated.ts";
import type { Transaction } from "../transactions/transaction.ts";
import type { Fork } from "./forks.ts";
import { messageGas } from "./intrinsic-gas.ts";

const MAX_NONCE = 2n ** 64n - 1n; // EIP-2681: an account never reaches it
const MAX_U256 = 2n ** 256n - 1n;

/** What a transaction and a message that is only tried out have in common. */
export type Message = Pick<
  Transaction,
  "type" | "to" | "data" | "authorizationList" | "blobVersionedHashes" | "maxFeePerBlobGas" | "maxFeePerGas" | "maxPriorityFeePerGas"
>;

/** All of it. `dev`: as in checkForm. */
export function checkTransaction(tx: Transaction, chainId: bigint, fork: Fork, dev = false): void {
  checkForm(tx, chainId, fork, dev);
  checkBlobFee(tx);
  checkGas(tx, fork);
}

/** Whether a transaction of this form could be sent at all. */
export function checkMessage(message: Message, fork: Fork): void {
  checkFields(message, fork);
  checkBlobFee(message);
}

/** Whether this is a transaction of the fork and the chain; one that is not is SKIP_MALFORMED in a block (execution.md 3). `dev`: of a chain for development, which takes what nobody signed. */
export function checkForm(tx: Transaction, chainId: bigint, fork: Fork, dev = false): void {
  if (tx.impersonated !== undefined && !dev)
    throw txError("TX_TYPE_UNSUPPORTED", "transaction type not supported: nobody signed it", { type: IMPERSONATED });
  checkFields(tx, fork);
  checkChainId(tx, chainId);
  if (tx.nonce >= MAX_NONCE) throw txError("TX_NONCE_MAX", `nonce has max value: ${tx.nonce}`, { nonce: tx.nonce });
  if (tx.gasLimit * tx.maxFeePerGas > MAX_U256)
    throw txError("TX_FEE_OVERFLOW", `gas limit ${tx.gasLimit} at fee ${tx.maxFeePerGas} exceeds 256 bits`);
  if (fork.maxTransactionGas !== undefined && tx.gasLimit > fork.maxTransactionGas)
    throw txError("TX_GAS_LIMIT_TOO_HIGH", `transaction gas limit too high: ${tx.gasLimit}, the cap is ${fork.maxTransactionGas}`, {
      gas: tx.gasLimit,
      limit: fork.maxTransactionGas,
    });
}

function checkFields(message: Message, fork: Fork): void {
  checkType(message, fork);
  if (message.maxPriorityFeePerGas > message.maxFeePerGas)
    throw txError(
      "TX_TIP_ABOVE_FEE_CAP",
      `max priority fee per gas higher than max fee per gas: ${message.maxPriorityFeePerGas} above ${message.maxFeePerGas}`,
    );
  const limit = fork.maxInitcodeBytes;
  if (message.to === undefined && limit !== undefined && message.data.length > limit)
    throw txError("TX_INITCODE_TOO_LARGE", `max initcode size exceeded: ${message.data.length} bytes, the limit is ${limit}`);
  if (message.type === 3) checkBlobs(message, fork);
}

function checkType(tx: Message, { maxType }: Fork): void {
  if (tx.type > maxType)
    throw txError("TX_TYPE_UNSUPPORTED", `transaction type not supported: ${tx.type}, the fork's highest is ${maxType}`, {
      type: tx.type,
    });
  if (tx.type >= 3 && tx.to === undefined)
    throw txError("TX_CREATE_NOT_ALLOWED", `a transaction of type ${tx.type} cannot create a contract`, { type: tx.type });
  if (tx.type === 4 && tx.authorizationList?.length === 0)
    throw txError("TX_AUTHORIZATIONS_EMPTY", "EIP-7702 transaction with empty auth list");
}

/** A legacy transaction without chain id fits every chain, as on Ethereum: deployers with one-time keys depend on it. */
function checkChainId(tx: Transaction, chainId: bigint): void {
  if (tx.chainId !== undefined && tx.chainId !== chainId)
    throw txError("TX_CHAIN_ID", `invalid chain id for signer: have ${tx.chainId} want ${chainId}`, { have: tx.chainId, want: chainId });
}

function checkGas(tx: Transaction, fork: Fork): void {
  const { intrinsic, floor } = messageGas(tx, fork);
  if (tx.gasLimit < intrinsic)
    throw txError("TX_INTRINSIC_GAS_TOO_LOW", `intrinsic gas too low: have ${tx.gasLimit}, want ${intrinsic}`, {
      have: tx.gasLimit,
      want: intrinsic,
    });
  if (tx.gasLimit < floor)
    throw txError("TX_FLOOR_GAS_TOO_LOW", `insufficient gas for floor data gas cost: have ${tx.gasLimit}, want ${floor}`, {
      have: tx.gasLimit,
      want: floor,
    });
}

/** The least that a block asks for is 1. */
function checkBlobFee({ type, maxFeePerBlobGas }: Message): void {
  if (type === 3 && maxFeePerBlobGas === 0n)
    throw txError("TX_FEE_CAP_TOO_LOW", "max fee per blob gas less than block blob gas fee: maxFeePerBlobGas: 0, the least is 1", {
      maxFeePerBlobGas,
    });
}

function checkBlobs(tx: Message, { blobs }: Fork): void {
  const hashes = tx.blobVersionedHashes ?? [];
  const limit = blobs?.perTransaction ?? 0;
  if (hashes.length === 0 || hashes.length > limit)
    throw txError("TX_BLOBS_INVALID", `${hashes.length} blobs in a transaction, allowed are 1 to ${limit}`, { blobs: hashes.length });
  const unknown = hashes.find((hash) => hash[0] !== 1);
  if (unknown !== undefined) throw txError("TX_BLOBS_INVALID", `blob hash ${to0x(unknown)} does not start with 0x01`);
}
