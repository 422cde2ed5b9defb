/** eth_call and its relatives: one message on a throw-away journal, with a transaction's own gas and fee rules. */
import { Address, bytesToHex } from "@ethereumjs/util";
import { bigIntToBytes, fromHex, toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { CallRequest, StateOverride } from "../../api.ts";
import { greater, lesser } from "../../bigint.ts";
import { execError } from "../../errors.ts";
import { authorityOf } from "../../rules/authorizations.ts";
import { blobBaseFee, blobGasOf } from "../../rules/fees.ts";
import { messageGas } from "../../rules/intrinsic-gas.ts";
import { EMPTY_ACCOUNT } from "../../state/account.ts";
import { createJournal, type Journal } from "../../state/journal.ts";
import type { FlatState } from "../../state/reader.ts";
import { insufficientFunds, txError } from "../../transactions/errors.ts";
import type { AccessListItem, BlockEnv, CallResult } from "../engine.ts";
import { overridden } from "../overrides.ts";
import type { Watch } from "../trace.ts";
import { authorize } from "./authorizations.ts";
import { evmBlock } from "./evm-block.ts";
import { failureReason } from "./failure.ts";
import type { Evm } from "./library-interpreter.ts";
import type { Machine } from "./machine.ts";
import { stateReader } from "./precompiles.ts";
import { runRootMessage } from "./root-message.ts";
import { withTracer } from "./tracing.ts";

const ZERO_ADDRESS = new Uint8Array(20);
const NOTHING = new Uint8Array(0);

export async function runCall(
  machine: Machine,
  below: FlatState,
  env: BlockEnv,
  { request, gas, overrides, watch }: { request: CallRequest; gas: bigint; overrides: readonly StateOverride[]; watch?: Watch },
): Promise<CallResult> {
  const { fork, vm, state } = machine;
  const journal = createJournal(overridden(below, overrides));
  state.use(journal);
  machine.blockHash = env.blockHash;
  const from = request.from ?? ZERO_ADDRESS;
  const { intrinsic, floor } = messageGas(request, fork);
  const least = greater(intrinsic, floor);
  if (gas < least)
    throw txError("TX_INTRINSIC_GAS_TOO_LOW", `intrinsic gas too low: have ${gas}, want ${least}`, { have: gas, want: least });
  const authorities = (request.authorizationList ?? []).map(authorityOf).filter((x) => x !== undefined);
  const tracer = watch?.({ state: journal, from, to: request.to, gas, coinbase: env.coinbase, authorities });
  const price = payGas(machine, journal, env, { request, from, gas });
  warm(machine, env, request, from);
  const sender = journal.account(from) ?? EMPTY_ACCOUNT;
  journal.setAccount(from, { ...sender, nonce: sender.nonce + 1n });
  const refund = fork.eips.has(7702) ? authorize(machine, journal, request.authorizationList ?? []) : 0n;
  machine.precompiles.beginBlock({ height: env.height, state: stateReader(journal) });
  machine.counters = machine.precompiles.beginTx();
  try {
    const message = {
      block: evmBlock(env, machine),
      gasPrice: price,
      caller: new Address(from),
      to: request.to && new Address(request.to),
      value: request.value ?? 0n,
      data: request.data ?? NOTHING,
      blobVersionedHashes: request.blobVersionedHashes?.map((hash) => bytesToHex(hash)),
      gas: gas - intrinsic,
    };
    const execResult = await withTracer(vm, tracer, () => runRootMessage(vm.evm as unknown as Evm, message));
    const used = intrinsic + execResult.executionGasUsed;
    const most = used / BigInt(fork.gas.refundQuotient);
    const net = used - lesser(refund + (execResult.gasRefund ?? 0n), most);
    const error = failureReason(execResult);
    tracer?.end?.(greater(net, floor));
    return {
      ok: error === undefined,
      output: execResult.returnValue,
      gasUsed: greater(net, floor),
      gasBeforeRefund: greater(used, floor),
      accessList: accessed(machine, request, from),
      ...(error === undefined ? {} : { error }),
    };
  } catch (error) {
    if (isNoemaError(error)) throw error;
    throw execError("EXEC_ENGINE_FAILED", `the EVM failed: ${error}`, {}, error);
  } finally {
    delete vm.evm.journal.accessList;
    vm.evm.journal.cleanJournal();
    state.originalStorageCache.clear();
  }
}

/** Takes what the sender pays in advance, as a block does; returns the price of gas. Throws TX_FEE_CAP_TOO_LOW, TX_INSUFFICIENT_FUNDS. */
function payGas(
  { fork }: Machine,
  journal: Journal,
  { baseFeePerGas = 0n, excessBlobGas = 0n, blobBaseFee: blobPrice }: BlockEnv,
  { request, from, gas }: { request: CallRequest; from: Bytes; gas: bigint },
): bigint {
  const { cap, price } = gasPrice(request, baseFeePerGas);
  const sender = journal.account(from) ?? EMPTY_ACCOUNT;
  const blobGas = blobGasOf(request);
  const cost = gas * cap + (request.value ?? 0n) + blobGas * (request.maxFeePerBlobGas ?? 0n);
  if (sender.balance < cost) throw insufficientFunds(from, sender.balance, cost);
  const paid = gas * price + (request.maxFeePerBlobGas ? blobGas * (blobPrice ?? blobBaseFee(fork, excessBlobGas)) : 0n);
  if (paid > 0n) journal.setAccount(from, { ...sender, balance: sender.balance - paid });
  return price;
}

/** What gas may and does cost this message; 0 where it names no price. */
function gasPrice(request: CallRequest, baseFee: bigint): { cap: bigint; price: bigint } {
  const cap = request.gasPrice ?? request.maxFeePerGas ?? 0n;
  if (cap === 0n) return { cap, price: 0n };
  if (cap < baseFee)
    throw txError("TX_FEE_CAP_TOO_LOW", `max fee per gas less than block base fee: maxFeePerGas: ${cap}, baseFee: ${baseFee}`, {
      maxFeePerGas: cap,
      baseFee,
    });
  return { cap, price: request.gasPrice ?? lesser(cap, baseFee + (request.maxPriorityFeePerGas ?? 0n)) };
}

/** EIP-2929, 2930, 3651. */
function warm({ fork, vm, usualPrecompiles }: Machine, env: BlockEnv, request: CallRequest, from: Bytes): void {
  const { journal } = vm.evm;
  journal.cleanJournal();
  journal.startReportingAccessList();
  for (const address of usualPrecompiles.keys()) journal.addAlwaysWarmAddress(address);
  journal.addAlwaysWarmAddress(toHex(from));
  if (request.to) journal.addAlwaysWarmAddress(toHex(request.to));
  if (fork.eips.has(3651)) journal.addAlwaysWarmAddress(toHex(env.coinbase));
  for (const { address, storageKeys } of request.accessList ?? []) {
    journal.addAlwaysWarmAddress(toHex(address), true);
    for (const key of storageKeys) journal.addAlwaysWarmSlot(toHex(address), toHex(key), true);
  }
}

/** What was touched, less what is warm anyway. */
function accessed({ vm, usualPrecompiles }: Machine, request: CallRequest, from: Bytes): AccessListItem[] {
  const anyway = new Set([...usualPrecompiles.keys(), toHex(from), ...(request.to ? [toHex(request.to)] : [])]);
  const items: AccessListItem[] = [];
  for (const [address, slots] of vm.evm.journal.accessList ?? [])
    if (slots.size > 0 || !anyway.has(address))
      items.push({ address: fromHex(address), storageKeys: [...slots].map((slot) => bigIntToBytes(BigInt(`0x${slot}`), 32)) });
  return items;
}
