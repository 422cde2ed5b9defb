/** A GPU that this machine does not have: what the newest record of `bench gpu-machine` says of one. */
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { repositoryRoot } from "@noema/node/paths";
import { OPERATOR_NAMES } from "@noema/precompiles/testing/random-models";
import type { GpuMachineRecord } from "../gpu-machine/record.ts";
import { RANDOM_OPERATORS } from "./questions.ts";
import type { StackCell } from "./record.ts";

/** Undefined where no record has the model on a GPU. */
export function earlierCell(model: string): StackCell | undefined {
  const newest = records().find(({ record }) => "name" in record.gpu);
  if (newest === undefined || !("name" in newest.record.gpu)) return undefined;
  const names: readonly string[] = model === RANDOM_OPERATORS ? OPERATOR_NAMES : [model];
  const rows = newest.record.equality.filter((x) => names.includes(x.model));
  if (rows.length === 0) return undefined;
  const sum = (key: "inputs" | "judged" | "different") => rows.reduce((total, x) => total + x[key], 0);
  const counts = { inputs: sum("inputs"), judged: sum("judged"), different: sum("different") };
  return { ...counts, differences: [], on: newest.record.gpu.name, from: newest.file };
}

function records(): { file: string; record: GpuMachineRecord }[] {
  return globSync(join(repositoryRoot(), "bench", "records", "gpu-machine-*.json"))
    .map((path) => ({ file: basename(path), record: JSON.parse(readFileSync(path, "utf8")) as GpuMachineRecord }))
    .sort((a, b) => b.record.at.localeCompare(a.record.at));
}
