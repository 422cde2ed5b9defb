/** Which models a devnet has: the digit model and those that it was given. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { to0x } from "@noema/core/bytes";
import { coreError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import { fileError } from "@noema/node/files/file-error";
import { repositoryRoot } from "@noema/node/paths";
import { DIGIT_MODEL } from "@noema/precompiles/bundled-models";
import type { DevnetOptions } from "./options.ts";

/** In a devnet's data directory. */
export const MODELS_FOLDER = "models";

export type Chosen = Pick<DevnetOptions, "model" | "models">;

/** The digit model first. Throws ARGUMENT_INVALID where two have one name. */
export function chosenFiles({ model, models }: Chosen): string[] {
  const found =
    models === undefined
      ? []
      : readdirSync(models)
          .filter((name) => name.endsWith(".nmodel"))
          .sort();
  const files = [
    join(repositoryRoot(), "precompiles", "models", DIGIT_MODEL),
    ...model,
    ...found.map((name) => join(models as string, name)),
  ];
  const paths = [...new Set(files.map((file) => resolve(file)))];
  for (const [i, path] of paths.entries())
    if (paths.findIndex((x) => basename(x) === basename(path)) !== i)
      throw coreError("ARGUMENT_INVALID", `--model ${path}: two models are called ${basename(path)}`, { path });
  return paths;
}

/** Those that genesis does not name: a chain has the models that it was made with. Throws FILE_UNREADABLE. */
export function newModels(genesis: readonly (readonly [string, string])[], chosen: Chosen): string[] {
  const digests = new Set(genesis.map(([, digest]) => digest));
  return chosenFiles(chosen)
    .slice(1)
    .filter((path) => !digests.has(to0x(sha256(readModel(path)))));
}

export function readModel(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw fileError("FILE_UNREADABLE", path, error);
  }
}
