/**
 * A back end that is not trusted: it must know the known answers, and the first batch of each model is compared with WASM as a whole;
 * of every later batch one result at least is, and one of 64 on average, chosen at random, before any of the batch leaves. What is wrong,
 * late or gone is out of service, with a word of why: who asked computes on WASM, and no block waits. It never serves again: another is
 * opened in its place (returning-backend.ts).
 */
import { type Bytes, equalBytes, toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import { precompileError } from "../errors.ts";
import type { LoadedModel } from "../model/load.ts";
import type { OpenBackend } from "./batch-backend.ts";
import type { InferenceBackend, RunnableModel } from "./inference-backend.ts";
import { type KnownAnswer, knownAnswers } from "./known-answers.ts";

/** `wrong`: it gave a result that is not WASM's; otherwise it was late, or is gone. */
export type Fault = { wrong: boolean; reason: string };

export interface GuardOptions {
  /** WASM. */
  judge: InferenceBackend;
  /** Once, when it goes out of service. */
  onFault(fault: Fault): void;
  /** In [0, 1): which results are checked must not be foreseen. */
  random(): number;
  /** Of one batch, milliseconds. */
  lateMs: number;
  /** Of each known answer, the first of which may bring a driver's compilation of all kernels. */
  startMs: number;
}

const CHECKED = 1 / 64;
/** What a back end may answer and go on serving. */
const NO_FAULTS = ["BACKEND_MODEL_UNFIT", "BACKEND_BUSY", "MODEL_INPUT_INVALID"];

export interface GuardedBackend extends OpenBackend {
  /** Undefined while it serves. */
  fault(): Fault | undefined;
}

/** `backend` is the guard's, which closes it at a fault. Rejects with BACKEND_LOST {wrong} where a known answer is not given. */
export async function guardBackend(
  backend: OpenBackend,
  o: GuardOptions,
  answers: readonly KnownAnswer[] = knownAnswers(),
): Promise<GuardedBackend> {
  let fault: Fault | undefined;
  const runnables = new Map<string, RunnableModel>();

  function outOfService(found: Fault): never {
    if (fault === undefined) {
      fault = found;
      backend.close();
      o.onFault(found);
    }
    throw precompileError("BACKEND_LOST", `the back end is out of service: ${fault.reason}`, { wrong: fault.wrong });
  }

  async function inTime(model: LoadedModel, inputs: readonly Bytes[], ms: number): Promise<Bytes[]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`a batch of ${inputs.length} was not there after ${ms} ms`)), ms);
    });
    try {
      return await Promise.race([backend.submit(model, inputs), late]);
    } catch (error) {
      if (isNoemaError(error) && NO_FAULTS.includes(error.code)) throw error;
      return outOfService({ wrong: false, reason: (error as Error).message });
    } finally {
      clearTimeout(timer);
    }
  }

  function check(model: LoadedModel, runnable: RunnableModel, input: Bytes, output: Bytes | undefined): void {
    if (output !== undefined && equalBytes(output, runnable.run(input))) return;
    const reason = `a result differs from WASM's: model ${toHex(model.id)}, input of sha256 ${toHex(sha256(input))}`;
    outOfService({ wrong: true, reason });
  }

  for (const { model, input, output } of answers) {
    const [given] = await inTime(model, [input], o.startMs);
    if (given === undefined || !equalBytes(given, output))
      outOfService({ wrong: true, reason: `a known answer was not given: model ${toHex(model.id)}` });
  }
  return {
    name: backend.name,
    fault: () => fault,
    close: () => backend.close(),
    async submit(model, inputs) {
      if (fault !== undefined) return outOfService(fault);
      const outputs = await inTime(model, inputs, o.lateMs);
      const id = toHex(model.id);
      const isFirst = !runnables.has(id);
      const runnable = runnables.get(id) ?? o.judge.load(model);
      runnables.set(id, runnable);
      const always = Math.floor(o.random() * inputs.length);
      for (const [i, input] of inputs.entries())
        if (isFirst || i === always || o.random() < CHECKED) check(model, runnable, input, outputs[i]);
      return outputs;
    },
  };
}
