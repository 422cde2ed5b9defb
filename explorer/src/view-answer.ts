import { chances } from "@noema/precompiles/chances";
import type { Answer } from "./contract.ts";
import { copyable } from "./copy.ts";
import { byId, make, milliseconds, number, showFacts, write } from "./dom.ts";
import type { Step } from "./reading.ts";
import type { Hex, Receipt } from "./types.ts";

const STEPS: readonly Step[] = ["accepted", "included", "final"];
const NONE = "–";
/** Below this the second best is named too. */
const SURE = 0.9;

function stepElement(step: Step): HTMLElement {
  return document.querySelector(`[data-step="${step}"]`) as HTMLElement;
}

const timeOf = (step: Step) => stepElement(step).querySelector("time") as HTMLElement;

function percent(chance: number): string {
  if (chance < 0.001) return "< 0.1 %";
  return chance > 0.999 ? "> 99.9 %" : `${(100 * chance).toFixed(1)} %`;
}

type Bar = { chance?: number; score?: number; best?: boolean };

function showBars(bars: readonly Bar[]): void {
  const rows = bars.map(({ chance, score, best }, digit) => {
    const bar = make("i");
    bar.style.setProperty("--v", String(chance ?? 0));
    const shown = chance === undefined ? String(score ?? "") : percent(chance);
    const title: Record<string, string> = score === undefined ? {} : { title: `digit ${digit}: raw score ${score} of -128 to 127` };
    return make("li", { ...title, ...(best ? { "data-best": "" } : {}) }, make("span", {}, String(digit)), bar, make("b", {}, shown));
  });
  byId("bars").replaceChildren(...rows);
}

function showAnswerFacts(gas: Node | string, block: Node | string, transaction: Node | string, contract: Node | string): void {
  showFacts(byId("facts"), [
    ["Gas", gas],
    ["Block", block],
    ["Transaction", transaction],
    ["DigitReader", contract],
  ]);
}

export function say(text: string, bad = false): void {
  write("said", text);
  byId("said").classList.toggle("bad", bad);
}

function reset(state: "idle" | "busy", digit: string): void {
  byId("verdict").dataset.state = state;
  byId("digit").textContent = digit;
  showBars(Array(10).fill({}));
  for (const step of STEPS) {
    delete stepElement(step).dataset.done;
    delete stepElement(step).dataset.now;
    timeOf(step).textContent = "";
  }
  showAnswerFacts(NONE, NONE, NONE, NONE);
}

export function showIdle(): void {
  reset("idle", NONE);
  say("Draw a digit; a contract on this chain says which it is.");
}

export function showBusy(): void {
  reset("busy", "…");
  stepElement("accepted").dataset.now = "";
}

/** The step that is being waited for, and for how long. */
export function showWaiting(ms: number): void {
  const now = STEPS.find((step) => stepElement(step).dataset.now !== undefined);
  if (now !== undefined && ms >= 1000) timeOf(now).textContent = `${Math.floor(ms / 1000)} s …`;
}

export function showStep(step: Step, ms: number): void {
  const element = stepElement(step);
  delete element.dataset.now;
  element.dataset.done = "";
  timeOf(step).textContent = milliseconds(ms);
  const next = STEPS[STEPS.indexOf(step) + 1];
  if (next !== undefined) stepElement(next).dataset.now = "";
}

/** Without a temperature the scores are shown as they are: they are no chances. */
export function showAnswer({ digit, scores }: Answer, temperature: number | null, receipt: Receipt, contract: Hex): void {
  byId("verdict").dataset.state = "done";
  byId("digit").textContent = String(digit);
  const likely = temperature === null ? undefined : chances(scores, temperature);
  showBars(scores.map((score, i) => ({ score, chance: likely?.[i], best: i === digit })));
  say(verdict(digit, likely));
  showAnswerFacts(number(receipt.gasUsed), `#${number(receipt.blockNumber)}`, copyable(receipt.transactionHash), copyable(contract));
}

function verdict(digit: number, likely: readonly number[] | undefined): string {
  if (likely === undefined || (likely[digit] as number) >= SURE) return `The contract reads ${digit}.`;
  const second = likely.map((x, i) => (i === digit ? -1 : x)).reduce((best, x, i, all) => (x > (all[best] as number) ? i : best), 0);
  return `The contract reads ${digit}, with doubt: it may be ${second}.`;
}

export function showFailure(): void {
  byId("verdict").dataset.state = "idle";
  if (byId("digit").textContent === "…") byId("digit").textContent = NONE;
  for (const step of STEPS) delete stepElement(step).dataset.now;
}
