/** Sequential and Functional, one in the other: which layer is computed of which. */
import { fail } from "../../errors.ts";
import type { Builder } from "../../ir/builder.ts";
import type { Known } from "../../onnx/call.ts";
import type { Constant } from "../../source/constant.ts";
import { dimensionsOf, type Fields, fieldsOf, isFields, listOf, numberOf, textOf } from "../json.ts";
import { ordered } from "../order.ts";
import { configOf, type Layer } from "./layer.ts";
import { ruleOf } from "./table.ts";

export interface Sources {
  builder: Builder;
  weights: ReadonlyMap<string, Constant>;
}

const MAX_DEPTH = 16;
const isModel = (type: string) => type === "Sequential" || type === "Functional" || type === "Model";

const typeOf = (entry: Fields) => textOf(entry.class_name, "class_name of a layer");
const entriesOf = (config: unknown): Fields[] =>
  listOf(isFields(config) ? config.layers : config, "layers of a model").map((x) => fieldsOf(x, "a layer"));
function nameOf(entry: Fields): string {
  const config = isFields(entry.config) ? entry.config : {};
  return textOf(entry.name ?? config.name, `name of a ${typeOf(entry)}`);
}

/** The input's shape with its batch, open dimensions -1, as the first layer says it. */
export function inputShapeOf(model: Fields): { name: string; dims: number[] } {
  const [first] = inputsOf(model);
  const entry = first ?? fail("CONVERT_SOURCE_INVALID", "the model has no layers");
  if (isModel(typeOf(entry))) return inputShapeOf(entry);
  const config = configOf(entry, nameOf(entry));
  const name = nameOf(entry);
  const shape = config.batch_input_shape ?? config.batch_shape;
  return shape === undefined
    ? fail("CONVERT_SOURCE_INVALID", `${name}: no batch_input_shape`)
    : { name, dims: dimensionsOf(shape, `shape of ${name}`) };
}

/** Layers that have the model's input: one. */
function inputsOf(model: Fields): Fields[] {
  const entries = entriesOf(model.config);
  if (typeOf(model) === "Sequential") return entries.slice(0, 1);
  const places = endsOf(model, "input_layers");
  return places.map(({ layer }) => entries.find((entry) => nameOf(entry) === layer) ?? fail("CONVERT_SOURCE_INVALID", `no layer ${layer}`));
}

interface Place {
  layer: string;
  /** A layer that is used more than once has a node for each use. */
  node: number;
}
const keyOf = ({ layer, node }: Place) => `${layer}:${node}`;

/** [name, node, tensor], as every version of Keras says where a tensor comes from. */
function placeOf(x: unknown, what: string): Place {
  const [layer, node = 0, tensor = 0] = listOf(x, what);
  if (tensor !== 0) fail("CONVERT_UNSUPPORTED", `${what}: a layer with more than one result: use layers with one`);
  return { layer: textOf(layer, what), node: numberOf(node, what) };
}

function endsOf(model: Fields, key: "input_layers" | "output_layers"): Place[] {
  const what = `${key} of the model`;
  const ends = listOf(fieldsOf(model.config, "config of the model")[key], what);
  const places = typeof ends[0] === "string" ? [ends] : ends; // Keras 3, where there is one
  if (places.length !== 1)
    fail(
      "CONVERT_UNSUPPORTED",
      `the model has ${places.length} ${key === "input_layers" ? "inputs: a contract gives one" : "outputs: a contract gets one"}; join them`,
    );
  return places.map((x) => placeOf(x, what));
}

/** Places that a use of a layer reads. */
function sourcesOf(entry: Fields, node: number): Place[] {
  const what = `inbound_nodes of ${nameOf(entry)}`;
  const nodes = listOf(entry.inbound_nodes, what);
  const own = isModel(typeOf(entry)) ? Math.max(0, node - 1) : node; // a model in a model has one from its making
  const use = nodes[own] ?? fail("CONVERT_SOURCE_INVALID", `${what}: no ${node}`);
  if (!isFields(use)) return listOf(use, what).map((x) => placeOf(x, what));
  const found: Place[] = []; // Keras 3: tensors somewhere in the arguments
  const open: unknown[] = [...listOf(use.args, what)];
  while (open.length > 0) {
    const x = open.shift();
    if (Array.isArray(x)) open.unshift(...x);
    else if (isFields(x) && isFields(x.config) && x.config.keras_history !== undefined) found.push(placeOf(x.config.keras_history, what));
  }
  return found;
}

/** What a model makes of its input. Throws CONVERT_SOURCE_INVALID, CONVERT_UNSUPPORTED. */
export function runModel(sources: Sources, model: Fields, input: Known, depth = 0): Known {
  if (depth > MAX_DEPTH) fail("CONVERT_UNSUPPORTED", `models more than ${MAX_DEPTH} deep in each other`);
  const entries = entriesOf(model.config);
  if (typeOf(model) === "Sequential") return entries.reduce<Known>((x, entry) => runLayer(sources, entry, [x], depth), input);
  const byName = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const [begin, end] = [endsOf(model, "input_layers")[0]!, endsOf(model, "output_layers")[0]!];
  const places = new Map<string, Place>([[keyOf(end), end]]);
  const entryOf = ({ layer }: Place) => byName.get(layer) ?? fail("CONVERT_SOURCE_INVALID", `no layer ${layer}`);
  const needs = (key: string) => {
    const place = places.get(key)!;
    if (place.layer === begin.layer) return [];
    return sourcesOf(entryOf(place), place.node).map((source) => {
      places.set(keyOf(source), source);
      return keyOf(source);
    });
  };
  const results = new Map<string, Known>();
  for (const key of ordered([keyOf(end)], needs)) {
    const place = places.get(key)!;
    const inputs = needs(key).map((source) => results.get(source)!);
    results.set(key, place.layer === begin.layer ? input : runLayer(sources, entryOf(place), inputs, depth));
  }
  return results.get(keyOf(end))!;
}

function runLayer(sources: Sources, entry: Fields, inputs: readonly Known[], depth: number): Known {
  const type = typeOf(entry);
  if (isModel(type)) return runModel(sources, entry, inputs[0] ?? fail("CONVERT_SOURCE_INVALID", `${nameOf(entry)}: no input`), depth + 1);
  if (type === "InputLayer") return inputs[0] ?? fail("CONVERT_UNSUPPORTED", `${nameOf(entry)}: a second input; a contract gives one`);
  const own = nameOf(entry);
  const layer: Layer = {
    type,
    name: `${type} ${own}`,
    config: configOf(entry, own),
    builder: sources.builder,
    inputs,
    weight: (name) => weightOf(sources.weights, `${own}/${name}`),
  };
  return ruleOf(layer)(layer);
}

/** Exporters put the names of models around a layer before its own. */
function weightOf(weights: ReadonlyMap<string, Constant>, name: string): Constant {
  const exact = weights.get(name);
  if (exact !== undefined) return exact;
  const found = [...weights].filter(([key]) => key.replace(/:0$/, "").endsWith(`/${name}`));
  if (found.length > 1) fail("CONVERT_UNSUPPORTED", `${found.length} weights are named ${name}: give the layers names of their own`);
  return found[0]?.[1] ?? fail("CONVERT_SOURCE_INVALID", `no weight ${name} in the weightsManifest`);
}
