/** A message of anybody as the transaction that a simulated block includes: what it leaves out is filled in, and checked as far as is asked. */
import { toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { CallRequest } from "../../api.ts";
import { greater, lesser } from "../../bigint.ts";
import { execError } from "../../errors.ts";
import { checkMessage } from "../../rules/check-transaction.ts";
import { maxCost } from "../../rules/fees.ts";
import type { Fork } from "../../rules/forks.ts";
import { messageGas } from "../../rules/intrinsic-gas.ts";
import type { Candidate, Room } from "../../rules/validity.ts";
import { EMPTY_ACCOUNT } from "../../state/account.ts";
import type { Journal } from "../../state/journal.ts";
import { encodeUnsigned } from "../../transactions/encode.ts";
import { insufficientFunds, txError } from "../../transactions/errors.ts";
import type { Transaction, TransactionType } from "../../transactions/transaction.ts";

const ZERO_ADDRESS = new Uint8Array(20);
const MAX_NONCE = 2n ** 64n - 1n; // EIP-2681

/** `room`: what is left of the block. `budget`: what is left of the whole simulation. */
export type Turn = { fork: Fork; chainId: bigint; journal: Journal; room: Room; budget: bigint; validation: boolean };
export type SimulatedRequest = CallRequest & { nonce?: bigint };

/** `room`: fees as this one pays them. */
export type Message = { candidate: Candidate; room: Room };

/** Throws TX_*, SIM_NONCE_TOO_HIGH, SIM_BLOCK_GAS. */
export function readMessage(request: SimulatedRequest, turn: Turn): Message {
  const { fork, journal, room } = turn;
  const sender = request.from ?? ZERO_ADDRESS;
  const account = journal.account(sender) ?? EMPTY_ACCOUNT;
  const wanted = request.gas ?? room.gas;
  if (wanted > room.gas)
    throw execError("SIM_BLOCK_GAS", `block gas limit reached: ${wanted} asked for, ${room.gas} left`, { left: room.gas });
  const tx = transactionOf(request, {
    ...turn,
    nonce: request.nonce ?? BigInt.asUintN(64, account.nonce),
    gas: lesser(wanted, turn.budget),
  });
  checkMessage(tx, fork);
  const gas = messageGas(tx, fork);
  if (turn.validation) checkNonce(tx, sender, account.nonce);
  const free = !turn.validation && tx.maxFeePerGas === 0n && tx.maxPriorityFeePerGas === 0n;
  if (!free && tx.maxFeePerGas < room.baseFee)
    throw txError(
      "TX_FEE_CAP_TOO_LOW",
      `max fee per gas less than block base fee: maxFeePerGas: ${tx.maxFeePerGas}, baseFee: ${room.baseFee}`,
    );
  if (account.balance < maxCost(tx)) throw insufficientFunds(sender, account.balance, maxCost(tx));
  const least = greater(gas.intrinsic, gas.floor);
  if (tx.gasLimit < least)
    throw txError("TX_INTRINSIC_GAS_TOO_LOW", `intrinsic gas too low: have ${tx.gasLimit}, want ${least}`, {
      have: tx.gasLimit,
      want: least,
    });
  return { candidate: { tx, sender, senderHex: toHex(sender), ...gas }, room: free ? { ...room, baseFee: 0n, blobBaseFee: 0n } : room };
}

function checkNonce({ nonce }: Transaction, sender: Bytes, next: bigint): void {
  const words = `address 0x${toHex(sender)}, tx: ${nonce} state: ${next}`;
  if (nonce < next) throw txError("TX_NONCE_TOO_LOW", `nonce too low: ${words}`, { nonce, next });
  if (nonce > next) throw execError("SIM_NONCE_TOO_HIGH", `nonce too high: ${words}`, { nonce, next });
  if (nonce >= MAX_NONCE) throw txError("TX_NONCE_MAX", `nonce has max value: address 0x${toHex(sender)}, nonce: ${nonce}`, { nonce });
}

/** The youngest type that the fork has, unless a field asks for another. */
function typeOf({ authorizationList, blobVersionedHashes, gasPrice, accessList }: CallRequest, { maxType }: Fork): TransactionType {
  if (authorizationList !== undefined) return 4;
  if (blobVersionedHashes !== undefined) return 3;
  if (gasPrice === undefined && maxType >= 2) return 2;
  return accessList === undefined ? 0 : 1;
}

function transactionOf(
  request: SimulatedRequest,
  { fork, chainId, nonce, gas }: { fork: Fork; chainId: bigint; nonce: bigint; gas: bigint },
): Transaction {
  const { gasPrice, to, value = 0n, data = new Uint8Array(0), accessList = [], authorizationList, blobVersionedHashes } = request;
  const type = typeOf(request, fork);
  const maxFeePerGas = gasPrice ?? request.maxFeePerGas ?? 0n;
  const maxPriorityFeePerGas = gasPrice ?? request.maxPriorityFeePerGas ?? 0n;
  const maxFeePerBlobGas = type === 3 ? (request.maxFeePerBlobGas ?? 0n) : undefined;
  const fees = { maxFeePerGas, maxPriorityFeePerGas, maxFeePerBlobGas };
  const fields = { type, chainId, nonce, to, value, data, accessList, blobVersionedHashes, ...fees };
  const raw = encodeUnsigned({ ...fields, gas, gasPrice: maxFeePerGas, authorizationList: authorizationList ?? [] });
  const priced = type < 2 ? { gasPrice: maxFeePerGas } : {};
  return { ...fields, ...priced, authorizationList, gasLimit: gas, hash: keccak256(raw), raw, yParity: 0, v: 0n, r: 0n, s: 0n };
}
