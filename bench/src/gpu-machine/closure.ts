/** An installed package with all that it needs at run time, for one platform: what is copied into the archive. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

type Manifest = { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> };

/** Only for building add-ons. */
const BUILD_ONLY = ["prebuildify", "napi-macros", "node-addon-api"];

/** Folders, relative to `root`. What is not installed is for another platform. */
export function closureOf(root: string, names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string, from: string) => {
    const folder = resolveFrom(root, from, name);
    if (folder === undefined || found.has(folder) || BUILD_ONLY.includes(name)) return;
    found.add(folder);
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) visit(needed, folder);
  };
  for (const name of names) visit(name, "");
  return [...found];
}

/** As Node looks: beside the package, then above it. */
function resolveFrom(root: string, from: string, name: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if (existsSync(join(root, folder, "package.json"))) return folder;
    if (at === "" || at === ".") return undefined;
  }
}
