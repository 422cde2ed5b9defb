/** Where activations lie while a model runs: a place is used again once nobody reads what lies there. */
import type { Model } from "../../format/types.ts";

/** `words` of each tensor; `at`: its first word. The model's output lies there when all has run. */
export function placeActivations({ tensors, operators, input, output }: Model, words: readonly number[]): { at: number[]; total: number } {
  const lastUse = tensors.map(() => -1);
  for (const [i, operator] of operators.entries())
    for (const tensor of [...operator.inputs, ...operator.outputs]) if (tensors[tensor]!.role === "activation") lastUse[tensor] = i;
  lastUse[output] = operators.length;
  const at = tensors.map(() => 0);
  const free = createFreeList();
  at[input] = free.take(words[input]!);
  for (const [i, operator] of operators.entries()) {
    for (const tensor of operator.outputs) at[tensor] = free.take(words[tensor]!);
    for (const tensor of new Set([...operator.inputs, ...operator.outputs]))
      if (lastUse[tensor] === i) free.give(at[tensor]!, words[tensor]!);
  }
  return { at, total: free.total() };
}

/** First fit; neighbours that are free become one. */
function createFreeList() {
  const gaps: { at: number; words: number }[] = [];
  let total = 0;
  return {
    take(words: number): number {
      const gap = gaps.find((x) => x.words >= words);
      if (gap === undefined) {
        const last = gaps.at(-1);
        const at = last !== undefined && last.at + last.words === total ? last.at : total;
        if (at < total) gaps.pop();
        total = at + words;
        return at;
      }
      const { at } = gap;
      gap.at += words;
      gap.words -= words;
      if (gap.words === 0) gaps.splice(gaps.indexOf(gap), 1);
      return at;
    },
    give(at: number, words: number): void {
      const next = gaps.findIndex((x) => x.at > at);
      const index = next < 0 ? gaps.length : next;
      gaps.splice(index, 0, { at, words });
      for (const i of [index, index - 1]) {
        const [here, after] = [gaps[i], gaps[i + 1]];
        if (here === undefined || after === undefined || here.at + here.words !== after.at) continue;
        here.words += after.words;
        gaps.splice(i + 1, 1);
      }
    },
    total: () => total,
  };
}
