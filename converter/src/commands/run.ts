import { createBackend } from "@noema/precompiles/backend/create-backend";
import { bestOf, numbersOf, toBytes } from "../compare.ts";
import { fail } from "../errors.ts";
import { count } from "../ir/graph.ts";
import { MAX_DATA_BYTES, readBounded } from "../limits.ts";
import { readModel, readNumbers, writeJson } from "./files.ts";
import { recording } from "./recording.ts";

const SHOWN = 5;

/** The model's answers to the inputs of a file, as the precompile gives them. */
export function run(path: string, { input, json, record }: { input: string; json: boolean; record?: string }): void {
  const { model, card } = readModel(path);
  const { shape, zeroPoint } = model.model.tensors[model.model.input]!;
  const runnable = createBackend("wasm").load(model);
  const inputs = bytesOf(input, model.inputBytes, count(shape), { scale: card?.input.scale, zeroPoint });
  const outputs = inputs.map((bytes) => runnable.run(bytes));
  if (record !== undefined) writeJson(record, recording(model, inputs, outputs));
  const answers = outputs.map((output) => numbersOf(model, output));
  if (json) return void process.stdout.write(`${JSON.stringify(answers)}\n`);
  for (const [i, answer] of answers.entries()) {
    const best = bestOf(answer);
    const name = card?.output.labels?.[best];
    const some = answer.length > SHOWN ? `${answer.slice(0, SHOWN).join(" ")} ...` : answer.join(" ");
    process.stdout.write(`${i}: best ${best}${name === undefined ? "" : ` (${name})`}, scores ${some}\n`);
  }
}

/** A .npy of reals by the card's scale, one of int8 as it is, any other file as the bytes of inputs, one after the other. */
function bytesOf(
  path: string,
  inputBytes: number,
  size: number,
  { scale, zeroPoint }: { scale?: number; zeroPoint: number },
): Uint8Array[] {
  if (!path.endsWith(".npy")) return parted(new Uint8Array(readBounded(path, MAX_DATA_BYTES, "CONVERT_DATA_INVALID")), inputBytes, path);
  const { data, bytes } = readNumbers(path);
  if (data.length % size !== 0) fail("CONVERT_DATA_INVALID", `${path}: ${data.length} numbers for inputs of ${size}`);
  if (!bytes && scale === undefined)
    fail("CONVERT_DATA_INVALID", `${path}: reals, and nothing beside the model says what its bytes stand for: give int8`);
  const quantisation = bytes ? { scale: 1, zeroPoint: 0 } : { scale: scale!, zeroPoint };
  return Array.from({ length: data.length / size }, (_, i) => toBytes(data.subarray(i * size, (i + 1) * size), quantisation));
}

function parted(bytes: Uint8Array, inputBytes: number, path: string): Uint8Array[] {
  if (bytes.length === 0 || bytes.length % inputBytes !== 0)
    fail("CONVERT_DATA_INVALID", `${path}: ${bytes.length} bytes for inputs of ${inputBytes}`);
  return Array.from({ length: bytes.length / inputBytes }, (_, i) => bytes.subarray(i * inputBytes, (i + 1) * inputBytes));
}
