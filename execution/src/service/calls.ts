/** eth_call on the state and in the environment of one block; eth_estimateGas and eth_createAccessList in those of the next one. */
import { to0x } from "@noema/core/bytes";
import type { BlockOverride, CallOutcome, CallRequest, ChainReads, StateOverride } from "../api.ts";
import { lesser } from "../bigint.ts";
import type { AccessListItem, CallResult } from "../engine/engine.ts";
import { overridden, overriddenBlock } from "../engine/overrides.ts";
import { checkMessage } from "../rules/check-transaction.ts";
import { forkOf } from "../rules/forks.ts";
import { type Reading, running } from "./context.ts";
import { estimate, type Purse, type Run } from "./estimate.ts";
import { type NextState, withNext, withStateId } from "./next-state.ts";

/** Rounds until the list no longer changes; each can only add what the one before made affordable. */
const ACCESS_LIST_ROUNDS = 8;
const ZERO_ADDRESS = new Uint8Array(20);

type Calls = Pick<ChainReads, "call" | "estimateGas" | "createAccessList">;

export function createCalls(context: Reading): Calls {
  /** One snapshot for the whole of a question; a block that is final may run between two of its runs. */
  function runner({ state, env }: NextState, request: CallRequest, overrides: readonly StateOverride[]): Run {
    const { engine } = running(context);
    checkMessage(messageOf(request), forkOf(context.genesis.fork));
    return (gas, changed = request) => context.evm(() => engine.call(state, env, changed, gas, overrides));
  }

  return {
    call: (request, at, overrides = [], block = {}) =>
      context.calls(() =>
        withStateId(context, at, async (found) =>
          outcome(await runner(inBlock(found, block), request, overrides)(callGas(context, request))),
        ),
      ),
    estimateGas: (request, next, overrides = [], height, block = {}) =>
      context.calls(() =>
        withNext(context, next, height, (found) => {
          const at = inBlock(found, block);
          return estimate(runner(at, request, overrides), request, purseOf(context, request, at, overrides));
        }),
      ),
    createAccessList: (request, next, height) =>
      context.calls(() =>
        withNext(context, next, height, (at) => {
          const gas = request.gas ?? purseOf(context, request, at, []).most;
          return accessListOf(runner(at, request, []), request, gas);
        }),
      ),
  };
}

const inBlock = ({ state, env }: NextState, block: BlockOverride): NextState => ({ state, env: overriddenBlock(env, block) });

async function accessListOf(run: Run, request: CallRequest, gas: bigint) {
  let accessList = request.accessList ?? [];
  for (let round = 1; ; round++) {
    const result = await run(gas, { ...request, accessList });
    if (round === ACCESS_LIST_ROUNDS || sameList(accessList, result.accessList))
      return { accessList: result.accessList, gasUsed: result.gasUsed, ...(result.ok ? {} : { error: result.error }) };
    accessList = result.accessList;
  }
}

function outcome({ ok, output, gasUsed, error }: CallResult): CallOutcome {
  return { ok, output, gasUsed, ...(error === undefined ? {} : { error }) };
}

/** What a call may use that names no more. */
export function callGas({ options }: Reading, request: CallRequest): bigint {
  return lesser(request.gas ?? options.callGasCap, options.callGasCap);
}

/** What a transaction could ask for, and what its sender has. */
function purseOf(context: Reading, request: CallRequest, { state, env }: NextState, overrides: readonly StateOverride[]): Purse {
  const caps = [callGas(context, request), env.gasLimit];
  const { maxTransactionGas } = forkOf(context.genesis.fork);
  if (maxTransactionGas !== undefined) caps.push(maxTransactionGas);
  const sender = request.from ?? ZERO_ADDRESS;
  return {
    most: caps.reduce(lesser),
    price: request.gasPrice ?? request.maxFeePerGas ?? 0n,
    sender,
    balance: overridden(state, overrides).account(sender)?.balance ?? 0n,
    value: request.value ?? 0n,
  };
}

/** The transaction that these fields would make. */
export function messageOf(request: CallRequest) {
  const { to, data = new Uint8Array(0), authorizationList, blobVersionedHashes, maxFeePerBlobGas } = request;
  const type = authorizationList !== undefined ? 4 : blobVersionedHashes !== undefined ? 3 : request.accessList !== undefined ? 1 : 0;
  const maxFeePerGas = request.gasPrice ?? request.maxFeePerGas ?? 0n;
  const maxPriorityFeePerGas = request.maxFeePerGas === undefined ? 0n : (request.maxPriorityFeePerGas ?? 0n);
  return { type, to, data, authorizationList, blobVersionedHashes, maxFeePerBlobGas, maxFeePerGas, maxPriorityFeePerGas } as const;
}

function sameList(a: readonly AccessListItem[], b: readonly AccessListItem[]): boolean {
  const text = (list: readonly AccessListItem[]) =>
    list
      .map(({ address, storageKeys }) => `${to0x(address)}:${storageKeys.map(to0x).sort()}`)
      .sort()
      .join();
  return text(a) === text(b);
}
