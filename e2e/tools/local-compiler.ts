/**
 * npm's solc where Hardhat 2 and 3 look for a compiler before they fetch one from the net, so that a project's configuration stands as
 * it is. A native one is said not to run here, which makes both take the one in WebAssembly.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const PLATFORMS = ["linux-amd64", "linux-arm64"];

/** `cache`: what the tool's XDG_CACHE_HOME is; `solc`: the folder of npm's package. */
export function placeCompiler(cache: string, solc: string): void {
  const bytes = readFileSync(join(solc, "soljson.js"));
  const longVersion = (createRequire(import.meta.url)(solc) as { version(): string }).version().replace(".Emscripten.clang", "");
  for (const layout of ["compilers-v2", "compilers-v3"]) {
    const at = join(cache, "hardhat-nodejs", layout);
    const wasm = listBuild(join(at, "wasm"), `soljson-v${longVersion}.js`, longVersion, bytes);
    copyFileSync(join(solc, "soljson.js"), wasm);
    for (const platform of PLATFORMS) {
      const native = listBuild(join(at, platform), `solc-${platform}-v${longVersion}`, longVersion, new Uint8Array());
      writeFileSync(native, "");
      writeFileSync(`${native}.does.not.work`, "");
    }
  }
}

/** Resolves with the path of the one build that the folder's list names. */
function listBuild(folder: string, path: string, longVersion: string, bytes: Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const version = longVersion.split("+")[0] as string;
  const build = { path, version, longVersion, sha256: `0x${createHash("sha256").update(bytes).digest("hex")}` };
  writeFileSync(join(folder, "list.json"), JSON.stringify({ builds: [build], releases: { [version]: path }, latestRelease: version }));
  return join(folder, path);
}
