/** The files that come with this package. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A folder of this package with a slash at its end: from the sources as from the start-up bundle, which lies elsewhere below the same root. */
function bundledFolder(name: string): string {
  for (let above = fileURLToPath(import.meta.url); above !== dirname(above); above = dirname(above)) {
    const folder = join(above, "precompiles", name, "/");
    if (existsSync(folder)) return folder;
  }
  throw new Error(`precompiles/${name} did not come along`);
}

/** For `modelFolder`; files of genesis.json are copied from here by whoever writes one. */
export const BUNDLED_MODELS_FOLDER = bundledFolder("models");
export const DIGIT_MODEL = "digits.nmodel";
/** What contracts and clients that call models import. */
export const LIBRARIES_FOLDER = bundledFolder("contracts");
export const LIBRARIES = ["IInference.sol", "viem.mjs", "viem.d.mts"];
