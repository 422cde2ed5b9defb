/**
 * Models into a devnet's data directory, with what stands beside them, so that the directory is whole. Each is loaded once here: a file
 * that no validator could run ends the start, with its own error.
 */
import { copyFileSync, existsSync } from "node:fs";
import { basename, join } from "node:path";
import { to0x } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import { makeFolder } from "@noema/node/files/make-folder";
import { loadModel } from "@noema/precompiles/model/load";
import { type Chosen, chosenFiles, MODELS_FOLDER, readModel } from "./models.ts";

/** What genesis says of each. Throws FILE_UNREADABLE, and what `loadModel` throws. */
export function copyModels(datadir: string, chosen: Chosen): [string, string][] {
  const folder = join(datadir, MODELS_FOLDER);
  makeFolder(folder);
  return chosenFiles(chosen).map((path) => {
    const file = readModel(path);
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
