/** The same for clients of viem: branded inputs, labels as a union. */
import type { Facts } from "./facts.ts";

export function viemOf({ name, description, modelId, input, output }: Facts): string {
  const lower = name[0]!.toLowerCase() + name.slice(1);
  const facts = {
    modelId,
    input: {
      shape: input.shape,
      elements: input.elements,
      zeroPoint: input.zeroPoint,
      scale: input.scale ?? null,
      encoding: input.encoding,
    },
    output: {
      shape: output.shape,
      dtype: output.int32 ? "int32" : "int8",
      zeroPoint: output.zeroPoint,
      scale: output.scale ?? null,
      encoding: output.encoding,
      labels: output.labels ?? null,
    },
  };
  const hasLabels = output.labels !== undefined && !output.int32;
  return `/** ${description} Written by \`noema model bind\`. */
import { bytesToHex, concatHex, hexToBytes, type PublicClient } from "viem";

export const ${lower} = ${JSON.stringify(facts, null, 2)} as const;

declare const of${name}: unique symbol;
/** Made by ${lower}Input${input.scale === undefined ? "" : ` or ${lower}FromReals`}, and of no other model. */
export type ${name}Input = Uint8Array & { readonly [of${name}]: true };
${hasLabels ? `export type ${name}Label = (typeof ${lower}.output.labels)[number];\n` : ""}
function checked(given: number): void {
  if (given !== ${input.elements}) throw new RangeError(\`\${given} elements where ${input.elements} are expected\`);
}

/** Elements of int8, row-major. */
export function ${lower}Input(values: Int8Array): ${name}Input {
  checked(values.length);
  return Uint8Array.from(values, (x) => x & 255) as ${name}Input;
}
${input.scale === undefined ? "" : fromReals(name, lower)}
export interface ${name}Result {
  values: readonly number[];${hasLabels ? `\n  label: ${name}Label;` : ""}
}

/** Calls the precompile; rejects as \`client.call\` does where it refuses. */
export async function infer${name}(client: Pick<PublicClient, "call">, input: ${name}Input): Promise<${name}Result> {
  const { data = "0x" } = await client.call({ to: "0x0000000000000000000000000000000000000a01", data: concatHex(["${modelId}", bytesToHex(input)]) });
  const bytes = hexToBytes(data);
  if (bytes.length !== ${output.elements * (output.int32 ? 4 : 1)}) throw new Error("this chain gave no answer: is it Noema, and is the model active?");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = Array.from({ length: ${output.elements} }, (_, i) => view.${output.int32 ? "getInt32(4 * i)" : "getInt8(i)"});
  return { values${hasLabels ? `, label: ${lower}.output.labels[values.indexOf(Math.max(...values))] as ${name}Label` : ""} };
}
`;
}

const fromReals = (name: string, lower: string) => `
/** Reals, each rounded to the nearest step and held to the ends. */
export function ${lower}FromReals(values: ArrayLike<number>): ${name}Input {
  const { scale, zeroPoint } = ${lower}.input;
  return ${lower}Input(Int8Array.from(values, (x) => Math.max(-128, Math.min(127, Math.round(x / scale) + zeroPoint))));
}
`;
