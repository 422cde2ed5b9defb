import type { LabelledDigit } from "@noema/precompiles/heldout-digits";
import type { Hex } from "viem";
import { picture } from "./digits.ts";

/** Pictures side by side. */
const SHOWN = 3;

export type Answer = {
  digit: LabelledDigit;
  /** Absent when the transaction failed. */
  answer: number | undefined;
  gas: bigint;
  height: bigint;
  /** From submission until the receipt stood in `latest`. */
  latestMs: number;
};

export type Summary = {
  correct: number;
  total: number;
  gasPerInference: number;
  /** Blocks that the transactions stand in. */
  blocks: number;
  /** Of `height`, from every validator. */
  stateRoots: Hex[];
  height: number;
  latencyMs: { p50: number; p95: number; max: number };
};

export function describeRun(answers: readonly Answer[], height: bigint, stateRoots: Hex[]): Summary {
  const gas = answers.reduce((sum, x) => sum + x.gas, 0n);
  const times = answers.map((x) => x.latestMs).sort((a, b) => a - b);
  const quantile = (q: number) => Math.round(times[Math.ceil(q * times.length) - 1] as number);
  return {
    correct: answers.filter((x) => x.answer === x.digit.label).length,
    total: answers.length,
    gasPerInference: Number(gas / BigInt(answers.length)),
    blocks: new Set(answers.map((x) => x.height)).size,
    stateRoots,
    height: Number(height),
    latencyMs: { p50: quantile(0.5), p95: quantile(0.95), max: quantile(1) },
  };
}

export function showAnswers(answers: readonly Answer[], summary: Summary, finalityMs: number, say: (line: string) => void): void {
  const wrong = answers.filter((x) => x.answer !== x.digit.label);
  showPictures("some of them", answers.slice(0, SHOWN), say);
  if (wrong.length > 0) showPictures("read wrongly", wrong.slice(0, SHOWN), say);
  const { p50, p95, max } = summary.latencyMs;
  say("");
  say(`${summary.correct} of ${summary.total} right, ${summary.gasPerInference} gas each, in ${summary.blocks} blocks`);
  say(`submission to latest: p50 ${p50} ms, p95 ${p95} ms, at most ${max} ms; finalized ${Math.round(finalityMs)} ms after the last`);
  say(`state root of finalized height ${summary.height}, from ${summary.stateRoots.length} validators:`);
  for (const [i, root] of summary.stateRoots.entries()) say(`  ${i}  ${root}`);
}

function showPictures(title: string, answers: readonly Answer[], say: (line: string) => void): void {
  say(`\n${title}:`);
  const pictures = answers.map((x) => picture(x.digit.input));
  for (let line = 0; line < (pictures[0]?.length ?? 0); line++) say(pictures.map((x) => x[line]).join("   "));
  say(answers.map((x) => `it is ${x.digit.label}, read as ${x.answer ?? "nothing"}`.padEnd(28)).join("   "));
}
