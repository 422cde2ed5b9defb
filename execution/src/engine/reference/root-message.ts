/** A transaction's or a question's own message: what the library's runCall does at depth 0, by frame.ts where it calls. */
import type { EVM, EVMRunCallOpts, ExecResult } from "@ethereumjs/evm";
import type { Address } from "@ethereumjs/util";
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { hasCode } from "../../state/account.ts";
import { delegateOf } from "../../state/delegation.ts";
import { enterFrame } from "./frame.ts";
import type { Environment, Evm, Interpreter } from "./library-interpreter.ts";
import { newFrame } from "./new-frame.ts";

const NOTHING: Bytes = new Uint8Array(0);

/** `gas`: after what the message costs before its first opcode. The sender has been found able to pay `value`. */
export type RootMessage = {
  block: unknown;
  gasPrice: bigint;
  caller: Address;
  /** Absent: creates. */
  to?: Address;
  value: bigint;
  data: Bytes;
  gas: bigint;
  blobVersionedHashes?: Environment["blobVersionedHashes"];
};
/** `runState`: of code that failed. */
export type Ended = Pick<
  ExecResult,
  "exceptionError" | "returnValue" | "executionGasUsed" | "gasRefund" | "logs" | "selfdestruct" | "createdAddresses"
> & { runState?: { opCode: number } };

export async function runRootMessage(evm: Evm, message: RootMessage): Promise<Ended> {
  const { to, gas, ...rest } = message;
  // Creations are the library's, and so is what a tracer is told of.
  if (to === undefined || evm.tracer !== undefined)
    return (await (evm as unknown as EVM).runCall({ ...rest, to, gasLimit: gas, skipNonceIncrement: true } as EVMRunCallOpts)).execResult;
  evm._block = message.block;
  evm._tx = { gasPrice: message.gasPrice, origin: message.caller };
  const root = rootFrame(evm, message);
  const code = { address: to, hex: toHex(to.bytes) };
  warmDelegate(root, to.bytes, code.hex);
  const { caller, value, data } = message;
  const outcome = await enterFrame(root, { kind: "CALL", caller, to, code, value, delegate: false, isStatic: false, data, gasLimit: gas });
  evm.postMessageCleanup();
  const { logs, selfdestruct, createdAddresses } = root._result;
  return {
    exceptionError: outcome.error,
    returnValue: outcome.output,
    executionGasUsed: outcome.gasUsed,
    gasRefund: outcome.error === undefined ? root._runState.gasRefund : 0n,
    logs,
    selfdestruct: selfdestruct as Ended["selfdestruct"],
    createdAddresses: createdAddresses as Ended["createdAddresses"],
    runState: outcome.runState,
  };
}

/** Who calls at depth 0: the sender, of whom no code runs. */
function rootFrame(evm: Evm, { block, gasPrice, caller, gas, blobVersionedHashes }: RootMessage): Interpreter {
  const createdAddresses = new Set<string>();
  const env: Environment = {
    address: caller,
    caller,
    callData: NOTHING,
    callValue: 0n,
    code: NOTHING,
    isStatic: false,
    isCreate: false,
    depth: -1,
    gasPrice,
    origin: caller,
    block,
    contract: evm.stateManager.accountOf(caller),
    codeAddress: caller,
    gasRefund: 0n,
    chargeCodeAccesses: true,
    blobVersionedHashes: blobVersionedHashes ?? [],
    createdAddresses,
  };
  return newFrame(evm, env, { gas, gasRefund: 0n, selfdestruct: new Map(), createdAddresses });
}

/** EIP-7702: whom the recipient delegates to is warm. */
function warmDelegate({ common, journal, _stateManager }: Interpreter, to: Bytes, hex: string): void {
  const state = _stateManager.journal();
  const account = common.isActivatedEIP(7702) ? state.account(to, hex) : undefined;
  if (account === undefined || !hasCode(account)) return;
  const delegate = delegateOf(state.code(account.codeHash));
  if (delegate !== undefined) journal.addAlwaysWarmAddress(toHex(delegate));
}
