/** The inferences of a message, in the order in which they ended, each with its layers; of those whose frame was reverted later too. */
import { to0x } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { InferenceRun } from "@noema/core/ports/precompiles";
import type { TraceEnter } from "../engine/trace.ts";
import { data, quantity } from "./json.ts";
import type { Tracing } from "./tracer.ts";

/** About what the JSON has beside input and output. */
const INFERENCE_CHARACTERS = 600;
const LAYER_CHARACTERS = 220;

export const inferences: Tracing =
  () =>
  ({ inspect }, { budget }) => {
    /** Of the frames that run: a precompile's, with bytes of its own. */
    const open: (TraceEnter | undefined)[] = [];
    const found: unknown[] = [];
    return {
      enter(frame) {
        const { precompile, to } = frame;
        open.push(precompile && to && { ...frame, from: frame.from.slice(), to: to.slice(), input: frame.input.slice() });
      },
      exit({ error, gasUsed, output }) {
        const frame = open.pop();
        const run = error === undefined && frame?.to ? inspect?.(frame.to, frame.input) : undefined;
        if (frame === undefined || run === undefined) return;
        budget.spend(INFERENCE_CHARACTERS + 2 * output.length + LAYER_CHARACTERS * run.layers.length);
        found.push(render(frame, run, gasUsed, output));
      },
      result: () => JSON.stringify(found),
    };
  };

function render({ from, depth, input }: TraceEnter, { model, engine, layers }: InferenceRun, gasUsed: bigint, output: Uint8Array) {
  return {
    model: to0x(model),
    from: to0x(from),
    depth,
    gasUsed: quantity(gasUsed),
    inputHash: to0x(sha256(input.subarray(32))),
    output: data(output),
    engine,
    micros: rounded(layers.reduce((sum, { micros }) => sum + micros, 0)),
    layers: layers.map(({ hash, micros, ...layer }, index) => ({ index, ...layer, micros: rounded(micros), hash: to0x(hash) })),
  };
}

/** To a tenth. */
const rounded = (micros: number) => Math.round(micros * 10) / 10;
