/**
 * What a model's bytes mean, for people and for what draws its answers: the section `interface` of the JSON file beside the
 * .nmodel. It stands there and not in the model's file because it is no part of what validators compute: the header has no
 * room for words, and a new label must not make a new `modelId`.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import * as v from "valibot";
import { fail } from "./errors.ts";

/** Words for people, not weights. */
const MAX_CARD_BYTES = 64 * 1024;
const MAX_LABELS = 1024;

const words = v.pipe(v.string(), v.minLength(1), v.maxLength(1000));
/** What a step of int8 is in reals: real = scale * (byte - zero point), the zero point being the file's. Absent: it has no unit. */
const scale = v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0)));
const schema = v.strictObject({
  description: words,
  /** How the input's elements are made of what people have. */
  input: v.strictObject({ encoding: words, scale }),
  output: v.strictObject({
    encoding: words,
    scale,
    /** Names of the output's elements, in their order. */
    labels: v.optional(v.pipe(v.array(words), v.maxLength(MAX_LABELS))),
    /** softmax(scores / temperature) are the chances of the labels, as measured on inputs that training never saw. */
    temperature: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0))),
  }),
});
const file = v.object({ interface: v.optional(schema) });

export type ModelCard = v.InferOutput<typeof schema>;

/** undefined where nothing stands beside the model; throws MODEL_CARD_INVALID. */
export function readModelCard(folder: string, model: string): ModelCard | undefined {
  const path = resolve(folder, model.replace(/\.nmodel$/, ".json"));
  if (!existsSync(path)) return undefined;
  const invalid = (why: string) => fail("MODEL_CARD_INVALID", `${path}: ${why}`, { path });
  if (statSync(path).size > MAX_CARD_BYTES) return invalid(`more than ${MAX_CARD_BYTES} bytes`);
  const result = v.safeParse(file, parse(readFileSync(path, "utf8"), invalid));
  if (result.success) return result.output.interface;
  const issue = result.issues[0];
  return invalid(`${v.getDotPath(issue) ?? "the file"}: ${issue.message}`);
}

function parse(text: string, invalid: (why: string) => never): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return invalid("is not valid JSON");
  }
}
