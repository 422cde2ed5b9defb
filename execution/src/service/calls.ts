/** eth_call, eth_estimateGas and eth_createAccessList on the state and in the environment of one block. */
import { to0x } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import type { Height } from "@noema/core/ports/bytes";
import type { CallOutcome, CallRequest, ExecutionService, StateOverride } from "../api.ts";
import { lesser } from "../engine/bigint.ts";
import type { AccessListItem, CallResult } from "../engine/engine.ts";
import { type Context, running } from "./context.ts";
import { envOf, type StateAt, withState } from "./view.ts";

/** How near to the least gas an estimate comes, in thousandths: geth's tolerance. */
const TOLERANCE = 15n;
const CALL_STIPEND = 2300n;
/** Rounds until the list no longer changes; each can only add what the one before made affordable. */
const ACCESS_LIST_ROUNDS = 8;

type Run = (gas: bigint, request?: CallRequest) => Promise<CallResult>;
type Calls = Pick<ExecutionService, "call" | "estimateGas" | "createAccessList">;

export function createCalls(context: Context): Calls {
  /** One snapshot for the whole of `use`; a block that is final may run between two of its runs. */
  function alone<T>(request: CallRequest, height: Height, overrides: readonly StateOverride[], use: (run: Run, at: StateAt) => Promise<T>) {
    return context.calls(() =>
      withState(context, height, (at) => {
        const { engine } = running(context);
        const env = envOf(context, at.block, at.snapshot);
        return use((gas, changed = request) => context.evm(() => engine.call(at.state, env, changed, gas, overrides)), at);
      }),
    );
  }

  return {
    call: (request, height, overrides = []) =>
      alone(request, height, overrides, async (run) => outcome(await run(callGas(context, request)))),
    estimateGas: (request, height, overrides = []) =>
      alone(request, height, overrides, (run, at) => estimate(run, request, mostGas(context, request, at))),
    createAccessList: (request, height) =>
      alone(request, height, [], async (run, at) => {
        const gas = request.gas ?? mostGas(context, request, at);
        let accessList = request.accessList ?? [];
        for (let round = 1; ; round++) {
          const result = await run(gas, { ...request, accessList });
          if (round === ACCESS_LIST_ROUNDS || sameList(accessList, result.accessList))
            return { accessList: result.accessList, gasUsed: result.gasUsed, ...(result.ok ? {} : { error: result.error }) };
          accessList = result.accessList;
        }
      }),
  };
}

function outcome({ ok, output, gasUsed, error }: CallResult): CallOutcome {
  return { ok, output, gasUsed, ...(error === undefined ? {} : { error }) };
}

function callGas({ options }: Context, request: CallRequest): bigint {
  return lesser(request.gas ?? options.callGasCap, options.callGasCap);
}

/** What a transaction could ask for: the caps, and what its sender can pay where it names a price. */
function mostGas(context: Context, request: CallRequest, at: StateAt): bigint {
  const caps = [callGas(context, request), at.block.header.gasLimit];
  const { transactionGasCap } = running(context).engine;
  if (transactionGasCap !== undefined) caps.push(transactionGasCap);
  const price = request.gasPrice ?? request.maxFeePerGas ?? 0n;
  if (price > 0n && request.from !== undefined) {
    const left = (at.state.account(request.from)?.balance ?? 0n) - (request.value ?? 0n);
    caps.push(left > 0n ? left / price : 0n);
  }
  return caps.reduce(lesser);
}

async function estimate(run: Run, request: CallRequest, most: bigint): Promise<bigint> {
  const plain = (request.data?.length ?? 0) === 0 && request.to !== undefined && !request.accessList && !request.authorizationList;
  if (plain && most >= 21_000n) {
    const transfer = await run(21_000n);
    if (transfer.ok && transfer.gasUsed === 21_000n) return 21_000n;
  }
  const first = await run(most);
  if (!first.ok) throw failure(first);
  let low = first.gasUsed - 1n;
  let high = most;
  // Usually enough: a call passes on at most 63 of 64 parts of its gas (EIP-150).
  const hopeful = ((first.gasBeforeRefund + CALL_STIPEND) * 64n) / 63n;
  if (hopeful < high) {
    if ((await run(hopeful)).ok) high = hopeful;
    else low = hopeful;
  }
  while (high - low > 1n && (high - low) * 1000n > high * TOLERANCE) {
    const middle = (low + high) / 2n;
    if ((await run(middle)).ok) high = middle;
    else low = middle;
  }
  return high;
}

function failure({ output, error }: CallResult): NoemaError {
  if (error === "revert") return new NoemaError("CALL_REVERTED", "execution reverted", { output });
  return new NoemaError("CALL_FAILED", `the call failed: ${error}`, { error });
}

function sameList(a: readonly AccessListItem[], b: readonly AccessListItem[]): boolean {
  const text = (list: readonly AccessListItem[]) =>
    list
      .map(({ address, storageKeys }) => `${to0x(address)}:${storageKeys.map(to0x).sort()}`)
      .sort()
      .join();
  return text(a) === text(b);
}
