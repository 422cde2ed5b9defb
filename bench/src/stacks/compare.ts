/** Answers of a stack held against those of the judge, and where the judge was too slow, of WASM. */
import type { Answer } from "./answer.ts";

export type Cell = {
  /** Outputs that were compared, `judged` of them with the judge's. */
  inputs: number;
  judged: number;
  different: number;
  /** The first of them, enough to make it again. */
  differences: string[];
};

const KEPT = 5;

/** `wasm` is taken where the judge has no output. A stack that was asked something else differs in all. */
export function compareAnswers(answers: readonly Answer[], judge: readonly Answer[], wasm: readonly Answer[]): Cell {
  const cell: Cell = { inputs: 0, judged: 0, different: 0, differences: [] };
  for (const [k, { name, asked, outputs }] of answers.entries())
    for (const [i, output] of outputs.entries()) {
      const judged = judge[k]?.outputs[i];
      const expected = judged ?? wasm[k]?.outputs[i];
      if (expected === undefined) continue;
      cell.inputs++;
      if (judged !== undefined) cell.judged++;
      const sameQuestion = asked === (judged === undefined ? wasm : judge)[k]?.asked;
      if (sameQuestion && output === expected) continue;
      cell.different++;
      const what = sameQuestion ? `output of digest ${output} instead of ${expected}` : "it was asked something else";
      if (cell.differences.length < KEPT) cell.differences.push(`${name}, batch ${k}, input ${i}: ${what}`);
    }
  return cell;
}
