/** What a transaction must fulfil against its sender's account and the sender's other transactions; the words are geth's. */
import { equalBytes, to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { EMPTY_CODE_HASH } from "../state/account.ts";
import { delegateOf } from "../state/delegation.ts";
import { txError } from "../transactions/errors.ts";
import type { Transaction } from "../transactions/transaction.ts";
import type { Entry } from "./entry.ts";
import { poolError } from "./errors.ts";
import type { SenderQueue } from "./ledger.ts";
import type { PoolOptions } from "./options.ts";

/** Without an account: what every pool refuses now, though a block might take it. */
export function checkOffer(tx: Transaction, o: { maxTransactionGas: bigint; baseFee: bigint }): void {
  if (tx.gasLimit > o.maxTransactionGas)
    throw txError(
      "TX_GAS_LIMIT_TOO_HIGH",
      `exceeds block gas limit: ${tx.gasLimit}, the most that one transaction may ask for is ${o.maxTransactionGas}`,
      {
        gas: tx.gasLimit,
        limit: o.maxTransactionGas,
      },
    );
  if (tx.maxFeePerGas < o.baseFee)
    throw txError(
      "TX_FEE_CAP_TOO_LOW",
      `max fee per gas less than block base fee: maxFeePerGas: ${tx.maxFeePerGas}, baseFee: ${o.baseFee}`,
      { maxFeePerGas: tx.maxFeePerGas, baseFee: o.baseFee },
    );
}

type ReadCode = (address: Bytes) => Promise<Bytes>;

/** EIP-3607, but for EIP-7702's delegations: an account with code sends nothing; undefined: it has none. */
export function checkSender(sender: Bytes, codeHash: Hash, code: ReadCode): Promise<void> | undefined {
  return equalBytes(codeHash, EMPTY_CODE_HASH) ? undefined : checkCode(sender, codeHash, code);
}

async function checkCode(sender: Bytes, codeHash: Hash, code: ReadCode): Promise<void> {
  if (delegateOf(await code(sender)) !== undefined) return;
  throw txError("TX_SENDER_CODE", `sender not an eoa: address ${to0x(sender)}, codehash: ${to0x(codeHash)}`, { sender });
}

/** Against the newest account; `queue` is what the sender has in the pool. Returns the entry that this one replaces. */
export function checkAdmission(
  entry: Entry,
  account: { nonce: bigint; balance: bigint },
  queue: SenderQueue | undefined,
  options: PoolOptions,
): Entry | undefined {
  const { tx, sender } = entry;
  if (tx.nonce < account.nonce)
    throw txError("TX_NONCE_TOO_LOW", `nonce too low: address ${to0x(sender)}, tx nonce ${tx.nonce}, next nonce ${account.nonce}`, {
      nonce: tx.nonce,
      next: account.nonce,
    });
  const old = queue?.byNonce.get(tx.nonce);
  checkFunds(entry, account.balance, (queue?.cost ?? 0n) - (old?.cost ?? 0n));
  if (old !== undefined) checkReplacement(entry, old, options);
  else if (queue !== undefined && queue.byNonce.size >= options.maxPerSender)
    throw poolError("POOL_SENDER_FULL", `account limit exceeded: ${to0x(sender)} has ${queue.byNonce.size} transactions in the pool`, {
      limit: options.maxPerSender,
    });
  return old;
}

function checkFunds(entry: Entry, balance: bigint, inFlight: bigint): void {
  const missing = inFlight + entry.cost - balance;
  if (missing <= 0n) return;
  const queued = inFlight === 0n ? "" : `, queued cost ${inFlight}`;
  throw txError(
    "TX_INSUFFICIENT_FUNDS",
    `insufficient funds for gas * price + value: address ${to0x(entry.sender)} have ${balance}${queued}, tx cost ${entry.cost}, overshot ${missing}`,
    { balance, cost: entry.cost, inFlight },
  );
}

function checkReplacement(entry: Entry, old: Entry, options: PoolOptions): void {
  const bump = old.tx.type === 3 || entry.tx.type === 3 ? options.blobReplaceBump : options.replaceBump;
  const enough =
    isRaised(old.tx.maxFeePerGas, entry.tx.maxFeePerGas, bump) &&
    isRaised(old.tx.maxPriorityFeePerGas, entry.tx.maxPriorityFeePerGas, bump) &&
    isRaised(old.tx.maxFeePerBlobGas ?? 0n, entry.tx.maxFeePerBlobGas ?? 0n, bump);
  if (!enough)
    throw poolError(
      "POOL_UNDERPRICED",
      `replacement transaction underpriced: both fees must be ${bump} % above those of ${to0x(old.tx.hash)}`,
      {
        replaces: to0x(old.tx.hash),
        bump,
      },
    );
}

function isRaised(from: bigint, to: bigint, percent: bigint): boolean {
  return 100n * to >= (100n + percent) * from;
}
