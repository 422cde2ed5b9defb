/**
 * The start-up bundle: every command and worker as a script of its own with shared chunks, which load.js beside them runs (load-bundle.cjs).
 * Plain JavaScript like the launcher: loading Node's type stripper costs each process 0.2 s.
 */
import { createRequire, enableCompileCache } from "node:module";
import { join } from "node:path";
import { cacheFolder, isClone, PACKED_BUNDLE } from "./installation.mjs";

/** A command's module. Rejects with what is wrong with a source, in a sentence. */
export async function bundled(name) {
  const folder = isClone ? (await import("./clone-bundle.mjs")).cloneBundle() : PACKED_BUNDLE;
  const cache = cacheFolder();
  if (cache !== undefined) {
    const compiled = join(cache, "compile");
    enableCompileCache(compiled); // of packages outside the bundle
    process.env.NODE_COMPILE_CACHE = compiled; // for workers, which do not inherit the call
    process.env.NOEMA_BYTECODE = isClone ? join(folder, "bytecode") : join(cache, "bytecode");
  }
  return createRequire(import.meta.url)(join(folder, `${name}.js`));
}
