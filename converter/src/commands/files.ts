/** Files that the commands read and write. */
import { existsSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { type LoadedModel, loadModel } from "@noema/precompiles/model/load";
import { type ModelCard, readModelCard } from "@noema/precompiles/model-card";
import { readNpy } from "../data/npy.ts";
import { fail } from "../errors.ts";
import { MAX_DATA_BYTES, MAX_SOURCE_BYTES, readBounded } from "../limits.ts";

const MAX_NAMES_BYTES = 2 ** 20;

export const readNumbers = (path: string) => readNpy(readBounded(path, MAX_DATA_BYTES, "CONVERT_DATA_INVALID"), path);

/** Names, one a line. */
export function readNames(path: string): string[] {
  return readBounded(path, MAX_NAMES_BYTES, "CONVERT_DATA_INVALID").toString("utf8").trimEnd().split(/\r?\n/);
}

export function readModel(path: string): { file: Uint8Array; model: LoadedModel; card?: ModelCard } {
  const file = new Uint8Array(readBounded(path, MAX_SOURCE_BYTES, "CONVERT_SOURCE_INVALID"));
  return { file, model: loadModel(file), card: readModelCard(dirname(path), basename(path)) };
}

/** Before anything is computed. Throws CONVERT_OUTPUT_EXISTS. */
export function checkFree(paths: readonly string[], force: boolean): void {
  for (const path of paths) if (!force && existsSync(path)) fail("CONVERT_OUTPUT_EXISTS", `${path} exists: --force overwrites it`);
}

export const writeJson = (path: string, value: unknown) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
export const reportPath = (model: string) => model.replace(/\.nmodel$/, ".json");
