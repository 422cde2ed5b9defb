/** The default tracer: one record an opcode (geth, eth/tracers/logger/logger.go, structLogLegacy). */
import { bytesToBigInt, toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import * as v from "valibot";
import type { TraceExit, TraceStart, TraceStep } from "../engine/trace.ts";
import { flag, readConfig } from "./config.ts";
import { data, quantity, word } from "./json.ts";
import { opcodeName } from "./opcode-names.ts";
import { OP } from "./opcodes.ts";
import { operand, slotKey } from "./step-reads.ts";
import type { Tracing } from "./tracer.ts";

const config = v.object({
  enableMemory: flag,
  disableStack: flag,
  disableStorage: flag,
  enableReturnData: flag,
  /** Characters of records after which no more are kept; 0: all. */
  limit: v.optional(v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0), 0),
});
type Options = v.InferOutput<typeof config>;

export const structLogger: Tracing = (given) => {
  const options = readConfig(config, given);
  return (start, { budget }) => {
    const storage = createStorage(start);
    const logs: string[] = [];
    let size = 0;
    let gas = 0n;
    let depth = 0;
    let outcome: TraceExit = { gasUsed: 0n, output: new Uint8Array(0) };
    return {
      step(step) {
        if (options.limit > 0 && size > options.limit) return;
        budget.spend(step.memory.length * (options.enableMemory ? 2 : 0));
        const log = JSON.stringify(structLog(step, options, options.disableStorage ? undefined : storage(step)));
        budget.spend(log.length + 1);
        size += log.length;
        logs.push(log);
      },
      enter: () => void depth++,
      exit(end) {
        if (--depth === 0) outcome = end;
      },
      end(gasUsed) {
        gas = gasUsed;
      },
      result() {
        const { error, output } = outcome;
        const shown = error === undefined || error === "revert" ? data(output) : "0x";
        budget.spend(shown.length);
        return `{"gas":${gas},"failed":${error !== undefined},"returnValue":"${shown}","structLogs":[${logs.join(",")}]}`;
      },
    };
  };
};

function structLog(step: TraceStep, options: Options, storage: Record<string, string> | undefined) {
  const { pc, opcode, gas, cost, passed = 0n, depth, error, refund, stack, memory, returnData } = step;
  return {
    pc,
    op: opcodeName(opcode),
    gas: Number(gas),
    gasCost: Number(cost + passed),
    depth: depth + 1,
    ...(error === undefined ? {} : { error }),
    ...(options.disableStack ? {} : { stack: stack.map(quantity) }),
    ...(options.enableReturnData && returnData.length > 0 ? { returnData: data(returnData) } : {}),
    ...(options.enableMemory && memory.length > 0 ? { memory: words(memory) } : {}),
    ...(storage === undefined ? {} : { storage }),
    ...(refund === 0n ? {} : { refund: Number(refund) }),
  };
}

function words(memory: Bytes): string[] {
  return Array.from({ length: memory.length / 32 }, (_, i) => data(memory.subarray(32 * i, 32 * (i + 1))));
}

/** The slots that a contract has read and written so far, at each opcode that does so. */
function createStorage({ state }: TraceStart): (step: TraceStep) => Record<string, string> | undefined {
  const seen = new Map<string, Record<string, string>>();
  return (step) => {
    const { opcode, address } = step;
    if (opcode !== OP.SLOAD && opcode !== OP.SSTORE) return undefined;
    const owner = toHex(address);
    const slots = seen.get(owner) ?? {};
    const key = operand(step, 0);
    slots[word(key)] = word(opcode === OP.SSTORE ? operand(step, 1) : bytesToBigInt(state.slot(address, slotKey(key))));
    seen.set(owner, slots);
    return slots;
  };
}
