/** The file itself: its name, how far it is, where it can be read. */
import type { ChainState } from "../chain-state.ts";
import { copyable } from "../copy.ts";
import { byId, type Facts, make, milliseconds, showFacts, write } from "../dom.ts";
import type { Hex, Validator } from "../types.ts";
import { countOf, type FileState, SAMPLES } from "./file-state.ts";
import { doneOf, FILE_STEPS, type FileStep } from "./file-steps.ts";
import type { Times } from "./file-store.ts";
import { confidenceOf, describeFile, objectsText, percent, size } from "./words.ts";

const NONE = "–";
function stepText(file: FileState, step: FileStep, times: Times): string {
  const { objects } = file;
  const done = doneOf(file, step);
  if (done === objects.length) {
    const height = Math.max(...objects.map((x) => x.height ?? 0));
    if (step === "included" && height > 0) return `height ${height.toLocaleString("en-US")}`;
    const ms = times[step];
    return ms === undefined ? "done" : milliseconds(ms);
  }
  const running = objects.find((x) => x.phase === "encoded");
  if (step === "signed" && running !== undefined && objects.length <= 2) return `${percent(running.signed)} of stake`;
  const cells = objects.find((x) => x.sampled === "running")?.cells.length;
  if (step === "sampled" && cells !== undefined) return `${cells} cells`;
  return done === 0 ? "" : `${done} of ${objects.length}`;
}

function showSteps(file: FileState | undefined, times: Times): void {
  let reached = true;
  for (const step of FILE_STEPS) {
    const element = document.querySelector(`[data-file="${step}"]`) as HTMLElement;
    const done = file !== undefined && doneOf(file, step) === file.objects.length;
    const isNow = file !== undefined && !done && reached && !(step === "read" || step === "sampled");
    element.toggleAttribute("data-done", done);
    element.toggleAttribute("data-now", isNow);
    if (!done) reached = false;
    const time = element.querySelector("time") as HTMLElement;
    const text = file === undefined ? "" : stepText(file, step, times);
    if (time.textContent !== text) time.textContent = text;
  }
}

function readers(id: Hex | undefined, validators: readonly Validator[], own: number | null): Node | string {
  const others = validators.filter((x) => x.index !== own && x.rpcUrl !== null);
  if (id === undefined) return NONE;
  if (others.length === 0) return make("a", { href: `/da/${id}`, target: "_blank", rel: "noreferrer" }, "this validator");
  const links = others.map(({ index, rpcUrl }) =>
    make("a", { href: `${(rpcUrl as string).replace(/\/$/, "")}/da/${id}`, target: "_blank", rel: "noreferrer" }, `validator ${index}`),
  );
  return make("span", { class: "links" }, ...links);
}

let facts = "";

/** Written only when they change: somebody may be about to follow a link. */
function showFileFacts(file: FileState | undefined, validators: readonly Validator[], own: number | null): void {
  const key = JSON.stringify([file?.id, file?.objects.length, file?.contentType, validators]);
  if (key === facts) return;
  facts = key;
  const rows: Facts = [
    ["Kept as", file === undefined ? NONE : `${objectsText(file)}, ${file.contentType}`],
    ["Id", file?.id === undefined ? NONE : copyable(file.id)],
    ["Read it from", readers(file?.id, validators, own)],
  ];
  showFacts(byId("data-facts"), rows);
}

export type Busy = "no" | "publishing" | "reading" | "sampling";

export type FileView = {
  file: FileState | undefined;
  /** The object that is shown. */
  index: number;
  chain: ChainState | undefined;
  times: Times;
  busy: Busy;
  validators: readonly Validator[];
  /** The validator that served the page. */
  own: number | null;
};

export function showFile({ file, index, chain, times, busy, validators, own }: FileView): void {
  const { text, kind } = describeFile(file, chain);
  write("data-said", text);
  byId("data-said").className = `said ${kind}`;
  write("file-name", file === undefined ? "Choose a file" : file.name);
  write("zone-hint", file === undefined ? "or drop one anywhere on this page" : `${size(file.bytes)}; choose or drop another`);
  showSteps(file, times);
  showFileFacts(file, validators, own);
  const kept = file !== undefined && countOf(file, "included") === file.objects.length;
  byId<HTMLButtonElement>("data-sample").disabled = !kept || busy !== "no";
  byId<HTMLButtonElement>("data-read").disabled = !kept || busy !== "no";
  byId<HTMLButtonElement>("data-stop").disabled = busy === "no";
  const { value, of } = confidenceOf(file, index);
  write("confidence", value);
  write("confidence-of", of);
  const cells = file?.objects.reduce((sum, x) => sum + x.cells.length, 0) ?? 0;
  byId<HTMLProgressElement>("confidence-bar").value = file === undefined ? 0 : cells / (SAMPLES * file.objects.length);
}
