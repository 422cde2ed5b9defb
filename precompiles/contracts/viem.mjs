/**
 * Actions of a viem client for models on chain, typed by what `noema model bind` writes (types: viem.d.mts):
 *   const client = createPublicClient({ transport }).extend(noema);
 *   const { label } = await client.infer(digits, inputOf(digits, pixels));
 */

const MODEL_INFO = `0x${"0a00".padStart(40, "0")}`;
const INFER = `0x${"0a01".padStart(40, "0")}`;
const STATUS = [undefined, "registered", "active"];

/** Elements of int8, row-major, as an input of this model and of no other. Throws RangeError for another number of them. */
export function inputOf({ input: { elements } }, values) {
  if (values.length !== elements) throw new RangeError(`${values.length} elements where ${elements} are expected`);
  return Uint8Array.from(values, (x) => x & 255);
}

/** The same of reals, each rounded to the nearest step and held to the ends. */
export function fromReals(model, values) {
  const { scale, zeroPoint } = model.input;
  if (scale === null) throw new RangeError("nothing says what a step of this model's input is: use inputOf");
  return inputOf(
    model,
    Int8Array.from(values, (x) => Math.max(-128, Math.min(127, Math.round(x / scale) + zeroPoint))),
  );
}

/** Calls the precompile; rejects as `client.call` does where it refuses. */
export async function infer(client, { modelId, output }, input) {
  const bytes = await ask(client, INFER, modelId + hexOf(input).slice(2));
  const [size, read] = output.dtype === "int32" ? [4, "getInt32"] : [1, "getInt8"];
  if (bytes.byteLength !== output.elements * size) throw noAnswer();
  const values = Array.from({ length: output.elements }, (_, i) => bytes[read](size * i));
  const best = values.indexOf(Math.max(...values));
  const { labels, elements } = output;
  return { values, best, label: labels?.[labels.length === elements ? best : values[0]] };
}

/** What the chain knows of a model, by its id or as it was bound. */
export async function modelInfo(client, model) {
  const bytes = await ask(client, MODEL_INFO, typeof model === "string" ? model : model.modelId);
  if (bytes.byteLength !== 9 * 32) throw noAnswer();
  const word = (i) => BigInt(hexOf(new Uint8Array(bytes.buffer, bytes.byteOffset + 32 * i, 32)));
  const [status, activationBlock, macs, units, inputBytes, outputBytes, weightBytes, owner, royalty] = Array.from({ length: 9 }, (_, i) =>
    word(i),
  );
  return {
    status: STATUS[Number(status)],
    activationBlock,
    macs,
    units,
    inputBytes: Number(inputBytes),
    outputBytes: Number(outputBytes),
    weightBytes: Number(weightBytes),
    owner: `0x${owner.toString(16).padStart(40, "0")}`,
    royalty,
  };
}

/** For `client.extend`. */
export const noema = (client) => ({
  infer: (model, input) => infer(client, model, input),
  modelInfo: (model) => modelInfo(client, model),
});

const noAnswer = () => new Error("this chain gave no answer: is it Noema, and is the model active?");

async function ask(client, to, data) {
  const { data: answer = "0x" } = await client.call({ to, data });
  const bytes = Uint8Array.from({ length: answer.length / 2 - 1 }, (_, i) => Number.parseInt(answer.slice(2 + 2 * i, 4 + 2 * i), 16));
  return new DataView(bytes.buffer);
}

const hexOf = (bytes) => `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
