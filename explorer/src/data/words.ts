/** Every state of a file in words. */
import type { ChainState } from "../chain-state.ts";
import { chanceOf, countOf, type FileState, isManifestAt, type ObjectState } from "./file-state.ts";

const UNITS = ["bytes", "kB", "MB", "GB"] as const;

/** Decimal, as file managers say it. */
export function size(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0
    ? `${bytes.toLocaleString("en-US")} ${bytes === 1 ? "byte" : "bytes"}`
    : `${value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

export const percent = (share: number) => `${Math.floor(100 * share)} %`;

export function confidence(chance: number): string {
  return chance < 1e-4 ? `1 − ${chance.toExponential(1).replace("-", "−")}` : `${(Math.floor(1e4 * (1 - chance)) / 100).toFixed(2)} %`;
}

/** Of all of it once all of it is sampled, before that of the object that is being sampled, or else is shown. */
export function confidenceOf(file: FileState | undefined, index: number): { value: string; of: string } {
  const whole = file && chanceOf(file);
  if (file === undefined || whole !== undefined)
    return { value: whole === undefined ? "–" : confidence(whole), of: "confidence that it can be rebuilt" };
  const running = file.objects.findIndex((x) => x.sampled === "running");
  const at = running < 0 ? index : running;
  const chance = file.objects[at]?.chance;
  const name = nameOf(file, at)
    .replace(/ of .*/, "")
    .toLowerCase();
  if (chance === undefined) return { value: "–", of: "confidence that it can be rebuilt" };
  return { value: confidence(chance), of: `confidence that ${name === "manifest" ? "its manifest" : name} can be rebuilt` };
}

/** "3 objects and a manifest", "1 object". */
export function objectsText({ objects, hasManifest }: FileState): string {
  const count = objects.length - (hasManifest ? 1 : 0);
  const pieces = count === 1 ? "1 object" : `${count} objects`;
  return hasManifest ? `${pieces} and a manifest` : pieces;
}

export function nameOf(file: FileState, index: number): string {
  if (isManifestAt(file, index)) return "Manifest";
  return `Object ${index + 1} of ${file.objects.length - (file.hasManifest ? 1 : 0)}`;
}

function list(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted.length < 2 ? sorted.join("") : `${sorted.slice(0, -1).join(", ")} and ${sorted.at(-1)}`;
}

const validators = (numbers: readonly number[]) => `validator${numbers.length === 1 ? "" : "s"} ${list(numbers)}`;

function underWay({ phase, preparing, waits, signed, signers }: ObjectState): string {
  if (waits !== undefined) return `waits and is tried again: ${waits}`;
  if (preparing) return "waits for the encoder, which a node loads in its first half minute; it goes on by itself";
  if (phase === "sent") return "is being encoded";
  if (phase === "certified") return "is certified; a block takes it in";
  if (signers.size === 0) return "is encoded; validators fetch their rows";
  return `is signed by ${validators([...signers])}, ${percent(signed)} of stake; more than two thirds are needed`;
}

/** Of an object of which a cell was drawn that nobody gave: it may be unavailable, and may be read all the same (decision 0053). */
export function missingText({ layout }: ObjectState, slot: number): string {
  const holder = layout?.blocks.find(({ from, to }) => slot >= from && slot < to);
  const whose = holder === undefined ? "" : `, which validator ${holder.validator} holds,`;
  const rebuilt = layout === undefined ? "" : `; any ${layout.needed} of its ${layout.rows} rows rebuild it, so read it back to see`;
  return `row ${slot}${whose} gave no cells${rebuilt}`;
}

const IDLE = "Drop a file anywhere on this page. Validators keep it in rows, and any third of their stake rebuilds it.";

/** One sentence on where it stands. */
export function describeFile(file: FileState | undefined, chain: ChainState | undefined): { text: string; kind: "" | "good" | "bad" } {
  if (file === undefined) return { text: IDLE, kind: "" };
  const { objects, fault } = file;
  if (fault !== undefined) return { text: fault, kind: "bad" };
  const included = countOf(file, "included");
  if (included < objects.length) {
    const index = objects.findIndex((x) => x.phase !== "included" && x.phase !== "waiting");
    if (index < 0) return { text: "Cutting the file into objects.", kind: "" };
    const halted = chain?.kind === "halted" ? ` The chain is halted: ${chain.reason}.` : "";
    return { text: `${nameOf(file, index)} ${underWay(objects[index] as ObjectState)}.${halted}`, kind: halted === "" ? "" : "bad" };
  }
  return afterInclusion(file);
}

const SAME: Readonly<Record<FileState["against"], string>> = {
  file: " byte for byte",
  sha256: ", with the sha256 of its manifest",
  id: ", with the commitments of its id",
};

function afterInclusion(file: FileState): ReturnType<typeof describeFile> {
  const { objects } = file;
  if (objects.some((x) => x.same === false)) return { text: "What came back is not what was published.", kind: "bad" };
  const chance = chanceOf(file);
  const sampled = objects.filter((x) => x.sampled === "available").length;
  const running = objects.findIndex((x) => x.sampled === "running");
  if (running >= 0) return { text: `${nameOf(file, running)} is sampled: random cells, the proof of each checked in this tab.`, kind: "" };
  if (chance !== undefined && sampled === objects.length)
    return { text: `Available: ${objects.reduce((sum, x) => sum + x.cells.length, 0)} random cells are there and proven.`, kind: "good" };
  const back = objects.filter((x) => x.same === true).length;
  if (back === objects.length) return { text: `Kept, final, and read back${SAME[file.against]}.`, kind: "good" };
  if (back > 0) return { text: `Reading it back: ${back} of ${objects.length} objects so far.`, kind: "" };
  return { text: "Kept: its certificate stands in a final block.", kind: "good" };
}
