import type { Answer } from "./contract.ts";
import { byId, make, milliseconds, number, short, showFacts } from "./dom.ts";
import type { Step } from "./reading.ts";
import type { Hex, Receipt } from "./types.ts";

const STEPS: readonly Step[] = ["signed", "accepted", "included", "final"];
const [LOW, HIGH] = [-128, 127]; // int8

function stepElement(step: Step): HTMLElement {
  return document.querySelector(`[data-step="${step}"]`) as HTMLElement;
}

function showBars(scores: readonly number[], best: number): void {
  const bars = scores.map((score, digit) => {
    const bar = make("i");
    bar.style.setProperty("--v", String((100 * (score - LOW)) / (HIGH - LOW)));
    return make("li", digit === best ? { "data-best": "" } : {}, String(digit), bar, make("b", {}, String(score)));
  });
  byId("bars").replaceChildren(...bars);
}

export function showIdle(): void {
  byId("verdict").dataset.state = "idle";
  byId("digit").textContent = "–";
  showBars(Array(10).fill(LOW), -1);
  for (const bar of document.querySelectorAll("#bars b")) bar.textContent = "";
  for (const step of STEPS) {
    const element = stepElement(step);
    delete element.dataset.done;
    delete element.dataset.now;
    (element.querySelector("time") as HTMLElement).textContent = "";
  }
  showFacts(byId("facts"), []);
}

export function showBusy(): void {
  showIdle();
  byId("verdict").dataset.state = "busy";
  byId("digit").textContent = "…";
  stepElement("signed").dataset.now = "";
}

export function showStep(step: Step, ms: number): void {
  const element = stepElement(step);
  delete element.dataset.now;
  element.dataset.done = "";
  if (step !== "signed") (element.querySelector("time") as HTMLElement).textContent = milliseconds(ms);
  const next = STEPS[STEPS.indexOf(step) + 1];
  if (next !== undefined) stepElement(next).dataset.now = "";
}

export function showAnswer(answer: Answer, receipt: Receipt, contract: Hex): void {
  byId("verdict").dataset.state = "done";
  byId("digit").textContent = String(answer.digit);
  showBars(answer.scores, answer.digit);
  showFacts(byId("facts"), [
    ["Gas", number(receipt.gasUsed)],
    ["Block", `#${number(receipt.blockNumber)}`],
    ["Transaction", make("code", { title: receipt.transactionHash }, short(receipt.transactionHash))],
    ["DigitReader", make("code", { title: contract }, contract)],
  ]);
}

export function showFailure(): void {
  byId("verdict").dataset.state = "idle";
  if (byId("digit").textContent === "…") byId("digit").textContent = "–";
  for (const step of STEPS) delete stepElement(step).dataset.now;
}
