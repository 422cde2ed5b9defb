/** What models did in a transaction, as lines: one for each inference, below it one for each of its layers. */
import type { Style } from "@noema/node/cli/style";
import { grouped } from "../words.ts";
import { askNode } from "./ask-node.ts";

export type TracedLayer = { operator: string; dtype: string; shape: readonly number[]; micros: number; hash: string };
export type TracedInference = {
  model: string;
  gasUsed: string;
  engine: string;
  micros: number;
  layers: readonly TracedLayer[];
};
export type Inferences = { models: Record<string, string>; inferences: readonly TracedInference[] };

/** A network of hundreds of operators would hide the calls. */
const MAX_LAYERS = 64;

/** None where the node does not tell of any. Throws CLI_REQUEST_FAILED. */
export async function askInferences(rpc: string, hash: string): Promise<Inferences> {
  const { result } = await askNode<Inferences>(rpc, "noema_traceInference", [hash]);
  return result ?? { models: {}, inferences: [] };
}

export function inferenceLines({ models, inferences }: Inferences, style: Style): string[] {
  return inferences.flatMap(({ model, gasUsed, engine, micros, layers }) => {
    const name = models[model] ?? `${model.slice(0, 10)}…`;
    const shown = layers.slice(0, MAX_LAYERS).map(layerLine);
    const more = layers.length > shown.length ? [`and ${layers.length - shown.length} more layers`] : [];
    const lines = [...shown, ...more];
    return [
      `inference of ${name}: ${layers.length} layers, ${time(micros)} on ${engine}, ${grouped(BigInt(gasUsed))} gas`,
      ...lines.map((line, i) => style("dim", `${i === lines.length - 1 ? "└─" : "├─"} ${line}`)),
    ];
  });
}

function layerLine({ operator, dtype, shape, micros, hash }: TracedLayer, index: number): string {
  return `${String(index).padStart(2)} ${operator.padEnd(9)} ${`${dtype}[${shape.join(",")}]`.padEnd(18)} ${time(micros).padStart(9)}  ${hash.slice(0, 18)}`;
}

function time(micros: number): string {
  return micros < 1000 ? `${micros.toFixed(1)} µs` : `${(micros / 1000).toFixed(2)} ms`;
}
