/**
 * A transfer of value to an account without code, by arithmetic: what the EVM would do, which no program sees. Anything else, and
 * whatever would fail, is left to the engine.
 */
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { lesser } from "../../bigint.ts";
import { NO_BLOOM } from "../../blocks/bloom.ts";
import type { AccountRecord } from "../../records.ts";
import { effectiveGasPrice } from "../../rules/fees.ts";
import type { Candidate } from "../../rules/validity.ts";
import { EMPTY_ACCOUNT, hasCode } from "../../state/account.ts";
import type { Journal } from "../../state/journal.ts";
import type { Place } from "../block/place.ts";
import type { ExecutedTransaction } from "../engine.ts";

const MAX_BALANCE = 2n ** 256n - 1n;
/** Of EIP-4844 and 7702: their further effects are the engine's. */
const FIRST_RICHER_TYPE = 3;

/** Who else is in a block. `precompiles`: by hex. */
export type Others = { coinbase: Bytes; coinbaseHex: string; precompiles: Pick<ReadonlyMap<string, unknown>, "has"> };

/** Of a candidate that is valid at its turn. undefined: nothing is done. */
export function runTransfer(
  { tx, sender, senderHex, intrinsic: gasUsed }: Candidate,
  { journal, gasBefore, room: { baseFee } }: Place,
  { coinbase, coinbaseHex, precompiles }: Others,
): ExecutedTransaction | undefined {
  const { to, value } = tx;
  if (tx.type >= FIRST_RICHER_TYPE || to === undefined || tx.data.length > 0) return undefined;
  const toId = toHex(to);
  const target = journal.account(to, toId) ?? EMPTY_ACCOUNT;
  if (hasCode(target) || precompiles.has(toId)) return undefined;
  const price = effectiveGasPrice(tx, baseFee);
  const from = journal.account(sender, senderHex) as AccountRecord;
  const cost = gasUsed * price;
  if (senderHex === toId) journal.setAccount(sender, { ...from, nonce: from.nonce + 1n, balance: from.balance - cost }, senderHex);
  else {
    if (target.balance + value > MAX_BALANCE) return undefined;
    journal.setAccount(sender, { ...from, nonce: from.nonce + 1n, balance: from.balance - cost - value }, senderHex);
    credit(journal, to, value, toId);
  }
  credit(journal, coinbase, gasUsed * (price - baseFee), coinbaseHex);
  removeEmpty(journal, to, toId);
  removeEmpty(journal, coinbase, coinbaseHex);
  return {
    hash: tx.hash,
    raw: tx.raw,
    type: tx.type,
    sender,
    nonce: tx.nonce,
    to,
    contractAddress: undefined,
    ok: true,
    gasUsed,
    cumulativeGasUsed: gasBefore + gasUsed,
    effectiveGasPrice: price,
    logs: [],
    logsBloom: NO_BLOOM,
    failure: undefined,
  };
}

function credit(journal: Journal, address: Bytes, amount: bigint, id: string): void {
  if (amount === 0n) return;
  const account = journal.account(address, id) ?? EMPTY_ACCOUNT;
  journal.setAccount(address, { ...account, balance: lesser(account.balance + amount, MAX_BALANCE) }, id);
}

/** EIP-161: whoever is touched and empty at the end goes, and its storage. */
function removeEmpty(journal: Journal, address: Bytes, id: string): void {
  const account = journal.account(address, id);
  if (account?.balance === 0n && account.nonce === 0n && !hasCode(account)) journal.setAccount(address, undefined, id);
}
