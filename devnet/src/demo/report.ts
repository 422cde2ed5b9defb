import type { Style } from "@noema/node/cli/style";
import { DIGIT_SIDE } from "@noema/precompiles/digits";
import type { LabelledDigit } from "@noema/precompiles/heldout-digits";
import type { Hex } from "viem";
import { grouped } from "../words.ts";
import { picture } from "./digits.ts";

/** Two pictures of 28 columns fit 60; failures are told as often. */
const SHOWN = 2;

export type Answer = {
  digit: LabelledDigit;
  hash: Hex;
  /** Absent when the transaction failed. */
  answer: number | undefined;
  /** Why it failed. */
  failure?: string;
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

export type Report = { answers: readonly Answer[]; summary: Summary; finalityMs: number };

export function report({ answers, summary, finalityMs }: Report, style: Style): string {
  const failed = answers.filter((x) => x.answer === undefined);
  const wrong = answers.filter((x) => x.answer !== undefined && x.answer !== x.digit.label);
  const { p50, p95, max } = summary.latencyMs;
  return [
    ...pictures("Some of them", ofEachDigit(answers).slice(0, SHOWN), style),
    ...pictures("Read wrongly", wrong.slice(0, SHOWN), style),
    ...failures(failed, style),
    "",
    style("bold", "Result"),
    `  ${style(failed.length === 0 ? "green" : "red", `${summary.correct} of ${summary.total} right`)}, ${wrong.length} wrong, ${failed.length} failed`,
    `  ${grouped(summary.gasPerInference)} gas each, in ${summary.blocks} blocks`,
    `  submission to latest: p50 ${p50} ms, p95 ${p95} ms, at most ${max} ms`,
    `  finalized ${Math.round(finalityMs)} ms after the last`,
    "",
    ...stateRoots(summary, style),
  ].join("\n");
}

/** The first of each. */
function ofEachDigit(answers: readonly Answer[]): Answer[] {
  return answers.filter((x, i) => answers.findIndex((y) => y.digit.label === x.digit.label) === i);
}

function stateRoots({ height, stateRoots: roots }: Summary, style: Style): string[] {
  const same = new Set(roots).size === 1;
  const whose = roots.length === 1 ? "from the validator" : `${same ? "the same" : "not the same"} from ${roots.length} validators`;
  return [style("bold", `State root of block ${height}, ${whose}`), ...(same ? roots.slice(0, 1) : roots).map((root) => `  ${root}`)];
}

function failures(failed: readonly Answer[], style: Style): string[] {
  if (failed.length === 0) return [];
  const lines = failed.slice(0, SHOWN).map((x) => style("red", `  ${x.hash}\n  ${x.failure ?? "failed"}`));
  return ["", style("bold", `${failed.length} failed${failed.length > SHOWN ? `, the first ${SHOWN}:` : ""}`), ...lines];
}

/** Side by side. */
function pictures(title: string, answers: readonly Answer[], style: Style): string[] {
  if (answers.length === 0) return [];
  const drawn = answers.map((x) => picture(x.digit.input));
  const rows = (drawn[0] as string[]).map((_, line) => drawn.map((rows) => rows[line]).join(""));
  const captions = answers.map((x) => `${x.digit.label}, read as ${x.answer ?? "nothing"}`.padEnd(DIGIT_SIDE));
  return ["", style("bold", title), ...rows, captions.join("").trimEnd()];
}
