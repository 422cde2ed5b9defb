/**
 * Models of a devnet: the digit model and those that it was given, copied into its data directory with what stands beside them, so
 * that the directory is whole. Each is loaded once here: a file that no validator could run ends the start, with its own error.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { to0x } from "@noema/core/bytes";
import { coreError, isNoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import { fileError } from "@noema/node/files/file-error";
import { makeFolder } from "@noema/node/files/make-folder";
import { repositoryRoot } from "@noema/node/paths";
import { DIGIT_MODEL } from "@noema/precompiles/bundled-models";
import { loadModel } from "@noema/precompiles/model/load";
import type { DevnetOptions } from "./options.ts";

/** In a devnet's data directory. */
export const MODELS_FOLDER = "models";

type Chosen = Pick<DevnetOptions, "model" | "models">;

/** The digit model first. Throws ARGUMENT_INVALID where two have one name. */
function chosenFiles({ model, models }: Chosen): string[] {
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
    .filter((path) => !digests.has(to0x(sha256(read(path)))));
}

/** Copies them; what genesis says of each. Throws FILE_UNREADABLE, and what `loadModel` throws. */
export function copyModels(datadir: string, chosen: Chosen): [string, string][] {
  const folder = join(datadir, MODELS_FOLDER);
  makeFolder(folder);
  return chosenFiles(chosen).map((path) => {
    const file = read(path);
    load(path, file);
    for (const from of [path, path.replace(/\.nmodel$/, ".json")]) if (existsSync(from)) copyFileSync(from, join(folder, basename(from)));
    return [basename(path), to0x(sha256(file))];
  });
}

/** Its own error, with the file's name: of many, one is meant. */
function load(path: string, file: Uint8Array): void {
  try {
    loadModel(file);
  } catch (error) {
    if (isNoemaError(error)) error.message = `${path}: ${error.message}`;
    throw error;
  }
}

function read(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw fileError("FILE_UNREADABLE", path, error);
  }
}
