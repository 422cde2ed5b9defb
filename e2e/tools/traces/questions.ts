/** What is asked about each transaction, and in which form it is compared. */
import { isPrecompile, type ParityFrame, withoutPrecompiles } from "./parity-frames.ts";
import type { PlannedTransaction } from "./plan.ts";

type Ask = (method: string, ...params: unknown[]) => Promise<unknown>;
export type TraceQuestion = {
  name: string;
  ask(rpc: Ask, hash: string): Promise<unknown>;
  /** What is left out on both sides, for a reason that known-differences.ts does not name. */
  form?(answer: unknown, tx: PlannedTransaction): unknown;
};

const traced = (name: string, options: Record<string, unknown>): TraceQuestion => ({
  name,
  ask: (rpc, hash) => rpc("debug_traceTransaction", hash, options),
});

type StructLogs = { structLogs: { pc: number; op: string }[] };

/** revm runs a creation without init code as if a STOP stood there; geth runs nothing. */
const structLogs = (name: string, options: Record<string, unknown>): TraceQuestion => ({
  ...traced(name, options),
  form(answer) {
    const { structLogs: logs, ...more } = answer as StructLogs;
    const isEmptyCreation = ({ pc, op }: StructLogs["structLogs"][number], i: number) =>
      pc === 0 && op === "STOP" && /^CREATE/.test(logs[i - 1]?.op ?? "");
    return { ...more, structLogs: logs.filter((log, i) => !isEmptyCreation(log, i)) };
  },
});

export const QUESTIONS: readonly TraceQuestion[] = [
  structLogs("structLogs", {}),
  structLogs("structLogs with memory", { enableMemory: true, enableReturnData: true, disableStorage: true }),
  structLogs("structLogs without stack", { disableStack: true }),
  traced("callTracer", { tracer: "callTracer" }),
  traced("callTracer with logs", { tracer: "callTracer", tracerConfig: { withLog: true } }),
  traced("callTracer, top only", { tracer: "callTracer", tracerConfig: { onlyTopCall: true } }),
  traced("prestateTracer", { tracer: "prestateTracer" }),
  traced("prestateTracer, diff", { tracer: "prestateTracer", tracerConfig: { diffMode: true } }),
  traced("4byteTracer", { tracer: "4byteTracer" }),
  traced("noopTracer", { tracer: "noopTracer" }),
  {
    name: "trace_transaction",
    ask: (rpc, hash) => rpc("trace_transaction", hash),
    form: (answer) => withoutPrecompiles(answer as ParityFrame[]),
  },
  {
    name: "ots_traceTransaction",
    ask: (rpc, hash) => rpc("ots_traceTransaction", hash),
    // anvil leaves creations and ends of contracts out, which Otterscan's API has.
    form: (answer) => (answer as { type: string; to: string | null }[]).filter((x) => /CALL/.test(x.type) && !isPrecompile(x.to)),
  },
  {
    // anvil counts the transaction itself among what is internal to it, and what failed: Otterscan shows what moved.
    name: "ots_getInternalOperations",
    async ask(rpc, hash) {
      const calls = await rpc("debug_traceTransaction", hash, { tracer: "callTracer" });
      return JSON.stringify(calls).includes('"error"') ? [] : rpc("ots_getInternalOperations", hash);
    },
    // Ours are in the order in which they happened; anvil's end of a contract stands where its call began.
    form: (answer, { from }) =>
      (answer as { from: string }[])
        .filter((x) => x.from !== from)
        .map((x) => JSON.stringify(x))
        .sort(),
  },
  { name: "ots_getTransactionError", ask: (rpc, hash) => rpc("ots_getTransactionError", hash) },
];
