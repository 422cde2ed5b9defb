/**
 * Where a command's module is imported from: the start-up bundle, every command and worker as one ES module each with shared chunks.
 * Plain JavaScript like the launcher: loading Node's type stripper costs each process 0.2 s.
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cacheFolder, isClone, PACKED_BUNDLE } from "./installation.mjs";

/** The URL of a command's module. Rejects with what is wrong with a source, in a sentence. */
export async function bundled(name) {
  const folder = isClone ? (await import("./clone-bundle.mjs")).cloneBundle() : PACKED_BUNDLE;
  const cache = cacheFolder();
  if (cache !== undefined) {
    const compiled = join(cache, "compile");
    enableCompileCache(compiled);
    process.env.NODE_COMPILE_CACHE = compiled; // for workers, which do not inherit the call
  }
  return pathToFileURL(join(folder, `${name}.js`)).href;
}
