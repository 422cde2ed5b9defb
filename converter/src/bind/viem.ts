/** The same for clients of viem: the model's facts as literals, by which viem.mjs types its input and its labels. */
import type { Facts } from "./facts.ts";

export function viemOf({ name, description, modelId, input, output }: Facts): string {
  const { int32, labels, ...end } = output;
  const facts = {
    modelId,
    input: { ...input, scale: input.scale ?? null },
    output: { ...end, dtype: int32 ? "int32" : "int8", scale: end.scale ?? null, labels: labels ?? null },
  };
  return `/** ${description} Written by \`noema model bind\`; viem.mjs beside it infers. */
export const ${name[0]!.toLowerCase() + name.slice(1)} = ${JSON.stringify(facts, null, 2)} as const;
`;
}
