/** The five steps of a file, each of all its objects. */
import { countOf, type FileState } from "./file-state.ts";

export const FILE_STEPS = ["encoded", "signed", "included", "read", "sampled"] as const;
export type FileStep = (typeof FILE_STEPS)[number];

/** Objects that have come so far. */
export function doneOf(file: FileState, step: FileStep): number {
  const { objects } = file;
  if (step === "read") return objects.filter((x) => x.same === true).length;
  if (step === "sampled") return objects.filter((x) => x.sampled === "available").length;
  return countOf(file, step === "signed" ? "certified" : step);
}

export function completed(file: FileState): FileStep[] {
  return FILE_STEPS.filter((step) => doneOf(file, step) === file.objects.length);
}
