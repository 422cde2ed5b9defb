/** What bindings say of a model, from its file and its card. */
import { to0x } from "@noema/core/bytes";
import type { LoadedModel } from "@noema/precompiles/model/load";
import type { ModelCard } from "@noema/precompiles/model-card";
import { fail } from "../errors.ts";

export interface End {
  shape: readonly number[];
  elements: number;
  zeroPoint: number;
  scale?: number;
  encoding: string;
}

export interface Facts {
  /** An identifier, first letter large. */
  name: string;
  description: string;
  modelId: string;
  input: End;
  output: End & { int32: boolean; labels?: readonly string[] };
}

/** One line, no control characters, nothing that ends a comment. */
const line = (text: string) =>
  text
    .replaceAll(/[\p{C}\u2028\u2029]/gu, " ")
    .replaceAll("*/", "* /")
    .slice(0, 1000);

/** Letters and digits, words by large letters: "quote.double" is QuoteDouble, "0" is N0. No word of Solidity or TypeScript begins so. */
function identifierOf(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
  return /^[A-Z]/.test(joined) ? joined : `N${joined}`;
}

/** Different names for different labels, whatever letters they have. */
export function identifiersOf(labels: readonly string[]): string[] {
  const used = new Set<string>();
  return labels.map((label) => {
    const base = identifierOf(label);
    let name = base;
    for (let i = 2; used.has(name.toLowerCase()); i++) name = `${base}_${i}`;
    used.add(name.toLowerCase());
    return name;
  });
}

/** Throws CONVERT_DATA_INVALID where the card does not fit the file. */
export function factsOf(file: string, model: LoadedModel, card: ModelCard | undefined): Facts {
  const end = (i: number, encoding: string, scale?: number): End => {
    const { shape, zeroPoint } = model.model.tensors[i]!;
    return { shape, elements: shape.reduce((a, b) => a * b, 1), zeroPoint, scale, encoding: line(encoding) };
  };
  const output = end(model.model.output, card?.output.encoding ?? "one value for each element", card?.output.scale);
  const labels = card?.output.labels;
  if (labels !== undefined && model.outputType === "int8" && labels.length !== output.elements)
    fail("CONVERT_DATA_INVALID", `${file}: ${labels.length} labels for an output of ${output.elements}`);
  return {
    name: identifierOf(file.replace(/\.nmodel$/, "")),
    description: line(card?.description ?? file),
    modelId: to0x(model.id),
    input: end(model.model.input, card?.input.encoding ?? "int8, row-major", card?.input.scale),
    output: { ...output, int32: model.outputType === "int32", labels },
  };
}
