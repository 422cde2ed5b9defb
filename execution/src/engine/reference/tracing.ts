/** Tells a Tracer what the EVM does. Opcodes are looked up in a second table then, so that a run without a tracer is as it was. */
import { EVMError, type EVMResult, type EVMRunCallOpts } from "@ethereumjs/evm";
import type { VM } from "@ethereumjs/vm";
import { bigIntToBytes, toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { TraceEnter, Tracer, TraceStep } from "../trace.ts";
import { failureReason } from "./failure.ts";
import type { Entry, Environment, Evm, GasHandler, Handler, RunState } from "./library-interpreter.ts";

const STOP = 0x00;
const SELFDESTRUCT = 0xff;
const NOTHING = new Uint8Array(0);
const U160 = (1n << 160n) - 1n;

/** The same opcodes; each tells its step once its price is known. */
export function tracedOpcodes(opcodes: readonly Entry[]): Entry[] {
  return opcodes.map((entry, opcode) => ({
    opcodeInfo: { ...entry.opcodeInfo, dynamicGas: true },
    gasHandler: tellingGas(opcode, entry),
    opHandler: opcode === SELFDESTRUCT ? tellingEnd(entry.opHandler) : entry.opHandler,
  }));
}

function tellingGas(opcode: number, { opcodeInfo, gasHandler }: Entry): GasHandler {
  return async (state, base, common) => {
    const { interpreter, gasLeft: gas } = state;
    const { _evm: evm } = interpreter;
    const at = stepAt(opcode, state); // before the handler: those of calls take their operands away, and count memory that is not there yet
    const tell = (cost: bigint, exceptionError?: EVMError) => {
      const passed = exceptionError === undefined && state.call !== undefined ? { passed: state.call.gas } : {};
      const error = failureReason({ exceptionError, runState: { opCode: opcode } });
      evm.tracer?.step?.({ ...at, cost, ...passed, ...(error === undefined ? {} : { error }) });
    };
    state.call = undefined;
    try {
      const cost = opcodeInfo.dynamicGas ? await gasHandler(state, base, common) : base;
      const { INVALID_OPCODE, OUT_OF_GAS } = EVMError.errorMessages;
      tell(cost, opcodeInfo.isInvalid ? new EVMError(INVALID_OPCODE) : cost > gas ? new EVMError(OUT_OF_GAS) : undefined);
      return cost;
    } catch (error) {
      if (error instanceof EVMError) tell(base, error);
      throw error;
    }
  };
}

function stepAt(opcode: number, state: RunState): Omit<TraceStep, "cost"> {
  const { interpreter, gasLeft: gas, gasRefund: refund, programCounter: pc, stack, memory, memoryWordCount, returnBytes } = state;
  const { depth, address } = interpreter._env;
  const [values, bytes] = [stack.getStack(), memory.read(0, 32 * Number(memoryWordCount), true)];
  return { pc, opcode, gas, depth, refund, stack: values, memory: bytes, returnData: returnBytes, address: address.bytes };
}

/** Code that runs past its end stops there, as if the opcode stood there. */
export function tellStop(tracer: Tracer, state: RunState): void {
  tracer.step?.({ ...stepAt(STOP, state), cost: 0n });
}

type Creation = { gasLimit: bigint; value: bigint; code: Bytes; salt?: Bytes };

export function tellCreate(tracer: Tracer | undefined, { address, depth }: Environment, { gasLimit, value, code, salt }: Creation): void {
  const kind = salt === undefined ? "CREATE" : "CREATE2";
  tracer?.enter?.({ kind, depth: depth + 1, from: address.bytes, value, gas: gasLimit, input: code });
}

function tellingEnd(opHandler: Handler): Handler {
  return (state: RunState, common) => {
    const { _evm: evm, _env: env } = state.interpreter;
    const to = bigIntToBytes((state.stack.getStack().at(-1) ?? 0n) & U160, 20);
    const [from, value] = [env.address.bytes, env.contract.balance];
    evm.tracer?.enter?.({ kind: "SELFDESTRUCT", depth: env.depth + 1, from, to, value, gas: 0n, input: NOTHING });
    evm.tracer?.exit?.({ gasUsed: 0n, output: NOTHING });
    return opHandler(state, common);
  };
}

/** Runs `run` with the tracer; the first message in it is told as the frame at depth 0. */
export async function withTracer<T>({ evm }: VM, tracer: Tracer | undefined, run: () => Promise<T>): Promise<T> {
  if (tracer === undefined) return run();
  const ours = evm as unknown as Evm;
  const runCall = evm.runCall;
  evm.runCall = async (options) => {
    evm.runCall = runCall;
    tracer.enter?.(entered(ours, options));
    const result = await runCall.call(evm, options);
    tellExit(tracer, result);
    return result;
  };
  ours.tracer = tracer;
  try {
    return await run();
  } finally {
    evm.runCall = runCall;
    ours.tracer = undefined;
  }
}

function entered({ precompiles }: Evm, { caller, to, value = 0n, gasLimit = 0n, data = NOTHING }: EVMRunCallOpts): TraceEnter {
  const from = caller?.bytes ?? new Uint8Array(20);
  const kind = to === undefined ? "CREATE" : "CALL";
  const precompile = to !== undefined && precompiles.has(toHex(to.bytes)) ? { precompile: true as const } : {};
  return { kind, depth: 0, from, to: to?.bytes, value, gas: gasLimit, input: data, ...precompile };
}

export function tellExit(tracer: Tracer | undefined, { execResult, createdAddress }: EVMResult): void {
  const { executionGasUsed: gasUsed, returnValue: output } = execResult;
  const error = failureReason(execResult);
  tracer?.exit?.({ gasUsed, output, ...(error === undefined ? {} : { error }), ...(createdAddress && { created: createdAddress.bytes }) });
}
