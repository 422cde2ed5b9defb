/** Runs a transaction of a block: what the library's runTx does in the forks of forks.ts, without a second decoding and its waits. */
import type { Block } from "@ethereumjs/block";
import { Address, bytesToHex } from "@ethereumjs/util";
import { toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { greater, lesser } from "../../bigint.ts";
import { bloomOf, NO_BLOOM } from "../../blocks/bloom.ts";
import { SKIP, type SkipReason } from "../../blocks/skipped.ts";
import { execError } from "../../errors.ts";
import type { AccountRecord } from "../../records.ts";
import { blobGasOf, effectiveGasPrice } from "../../rules/fees.ts";
import type { Candidate } from "../../rules/validity.ts";
import { EMPTY_ACCOUNT, hasCode } from "../../state/account.ts";
import type { CodeRunner } from "../block/code-runner.ts";
import type { Place } from "../block/place.ts";
import { createConsole } from "../console.ts";
import type { ExecutedTransaction } from "../engine.ts";
import type { MessageTracer } from "../trace.ts";
import type { AccessJournal } from "./access-journal.ts";
import { authorize } from "./authorizations.ts";
import { executedTransaction, refusedByRules } from "./executed-transaction.ts";
import type { Evm } from "./library-interpreter.ts";
import type { Machine } from "./machine.ts";
import { type Ended, runRootMessage } from "./root-message.ts";
import { withTracer } from "./tracing.ts";

/** As the state manager has it: on a development chain an account can have the most before. */
const MAX_BALANCE = 2n ** 256n - 1n;

type Turn = { machine: Machine; block: Block; coinbase: Bytes; console: boolean };

/** For one block. */
export function transactionRunner(turn: Turn): CodeRunner {
  return {
    async run(candidate, place, tracer) {
      const { machine } = turn;
      machine.counters = machine.precompiles.beginTx();
      const access = machine.vm.evm.journal as AccessJournal;
      access.cleanJournal();
      access.checkpointNow();
      try {
        const executed = await runOne(turn, access, candidate, place, tracer);
        access.commitNow();
        return executed;
      } catch (error) {
        access.revertNow();
        if (refusedByRules(error)) return SKIP.refused satisfies SkipReason;
        throw isNoemaError(error) ? error : execError("EXEC_ENGINE_FAILED", `the EVM failed: ${error}`, { hash: candidate.tx.hash }, error);
      } finally {
        access.cleanJournal();
      }
    },
  };
}

async function runOne(
  turn: Turn,
  access: AccessJournal,
  candidate: Candidate,
  place: Place,
  tracer?: MessageTracer,
): Promise<ExecutedTransaction> {
  const { machine, block, coinbase } = turn;
  const { tx, sender, intrinsic, floor } = candidate;
  const { journal, room } = place;
  const price = effectiveGasPrice(tx, room.baseFee);
  const change = (address: Bytes, amount: bigint, nonces = 0n) => {
    const hex = toHex(address);
    access.touch(hex);
    const account: AccountRecord = journal.account(address, hex) ?? EMPTY_ACCOUNT;
    const balance = lesser(account.balance + amount, MAX_BALANCE);
    journal.setAccount(address, { ...account, balance, nonce: account.nonce + nonces }, hex);
  };
  warm(turn, access, candidate);
  change(sender, -tx.gasLimit * price - blobGasOf(tx) * room.blobBaseFee, 1n);
  const authorized = authorize(machine, journal, tx.authorizationList ?? []);
  const message = {
    block,
    gasPrice: price,
    caller: new Address(sender),
    to: tx.to && new Address(tx.to),
    value: tx.value,
    data: tx.data,
    gas: tx.gasLimit - intrinsic,
    blobVersionedHashes: tx.blobVersionedHashes?.map((hash) => bytesToHex(hash)),
  };
  const evm = machine.vm.evm as unknown as Evm;
  evm.console = turn.console ? createConsole() : undefined;
  const ended = await withTracer(machine.vm, tracer, () => runRootMessage(evm, message));
  const used = intrinsic + ended.executionGasUsed;
  const refund = lesser(authorized + (ended.gasRefund ?? 0n), used / BigInt(machine.fork.gas.refundQuotient));
  const gasUsed = greater(used - refund, floor);
  place.told?.({ output: ended.returnValue, gasBeforeRefund: greater(used, floor) });
  change(sender, (tx.gasLimit - gasUsed) * price);
  change(coinbase, gasUsed * (price - room.baseFee));
  destroy(turn, access, place, ended);
  removeEmpty(access, place);
  const logs = (ended.logs ?? []).map(([address, topics]) => ({ address, topics }));
  const executed = executedTransaction(candidate, place, {
    gasUsed,
    execResult: ended,
    logsBloom: logs.length === 0 ? NO_BLOOM : bloomOf(logs),
  });
  const { heard = [] } = evm.console ?? {};
  return heard.length === 0 ? executed : { ...executed, console: heard };
}

/** EIP-2929, 2930, 3651. */
function warm({ machine, coinbase }: Turn, access: AccessJournal, { tx, sender }: Candidate): void {
  access.warmFromTheStart(machine.usualPrecompiles);
  access.addAlwaysWarmAddress(toHex(sender));
  if (tx.to) access.addAlwaysWarmAddress(toHex(tx.to));
  if (machine.fork.eips.has(3651)) access.addAlwaysWarmAddress(toHex(coinbase));
  for (const { address, storageKeys } of tx.accessList) {
    const hex = toHex(address);
    access.addAlwaysWarmAddress(hex);
    for (const key of storageKeys) access.addAlwaysWarmSlot(hex, toHex(key));
  }
}

/** EIP-6780: from Cancun on only what the same transaction has made. */
function destroy({ machine }: Turn, access: AccessJournal, { journal }: Place, { selfdestruct, createdAddresses }: Ended): void {
  const onlyNew = machine.vm.common.isActivatedEIP(6780);
  for (const address of selfdestruct?.keys() ?? []) {
    if (onlyNew && !createdAddresses?.has(address)) continue;
    access.touch(address.slice(2));
    journal.setAccount(bytesOf(address.slice(2)), undefined);
  }
}

/** EIP-161: what was touched and is empty goes. */
function removeEmpty(access: AccessJournal, { journal }: Place): void {
  for (const hex of access.allTouched()) {
    const address = bytesOf(hex);
    const account = journal.account(address, hex);
    if (account === undefined || (account.nonce === 0n && account.balance === 0n && !hasCode(account)))
      journal.setAccount(address, undefined, hex);
  }
}

function bytesOf(hex: string): Bytes {
  return new Uint8Array(Buffer.from(hex, "hex"));
}
