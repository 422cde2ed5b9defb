/** Rules over the packages' package.json: what they declare is what they import, and their faces are what others use. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { folderOf, isProduct, libraryOf, type Source, targetOf } from "./sources.ts";

export type Manifest = {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  exports?: Record<string, string>;
};
export type Manifests = { root: Manifest; packages: Record<string, Manifest> };

export function readManifests(root: string, names: readonly string[]): Manifests {
  const read = (folder: string): Manifest => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  return { root: read("."), packages: Object.fromEntries(names.map((x) => [x, read(x)])) };
}

const names = (...lists: (Record<string, string> | undefined)[]) => lists.flatMap((x) => Object.keys(x ?? {}));

/** `@types/ws` is used where `ws` is. */
const subjectOf = (library: string) => library.replace(/^@types\//, "");

/** Named as an import, or as a string: `require` of what is no module, a variable for what is optional. */
function uses({ text, imports }: Source, library: string): boolean {
  return imports.some((x) => libraryOf(x.specifier) === library) || [`"${library}"`, `"${library}/`].some((x) => text.includes(x));
}

/** Declared and not imported, imported and not declared, or declared for tests only and imported by the product. */
export function dependencies(sources: readonly Source[], manifests: Manifests): string[] {
  return Object.entries(manifests.packages).flatMap(([name, manifest]) => {
    const own = sources.filter((x) => folderOf(x.path) === name);
    const product = own.filter((x) => isProduct(x.path));
    const help = own.filter((x) => !isProduct(x.path));
    const real = names(manifest.dependencies, manifest.optionalDependencies);
    const dev = names(manifest.devDependencies);
    const undeclared = (files: readonly Source[], declared: readonly string[]) =>
      files.flatMap(({ path, imports }) => {
        const libraries = new Set(imports.map((x) => libraryOf(x.specifier)).filter((x) => x !== undefined));
        return [...libraries].filter((x) => !declared.includes(x)).map((x) => `${path}: ${x} is not declared`);
      });
    return [
      ...undeclared(product, real),
      ...undeclared(help, [...real, ...dev, ...names(manifests.root.dependencies, manifests.root.devDependencies)]),
      ...real.filter((x) => !product.some((s) => uses(s, subjectOf(x)))).map((x) => `${name}: ${x} is not imported`),
      ...dev.filter((x) => !help.some((s) => uses(s, subjectOf(x)))).map((x) => `${name}: ${x} is not imported by its tests`),
    ];
  });
}

/** Modules that a package lists as its faces and no other imports. A package with "./*" lists none. */
export function unusedFaces(sources: readonly Source[], { packages }: Manifests): string[] {
  const used = new Set<string>();
  for (const { path, imports } of sources)
    for (const { specifier } of imports) {
      const target = targetOf(path, specifier);
      if (target !== undefined && folderOf(target) !== folderOf(path)) used.add(target);
    }
  return Object.entries(packages).flatMap(([name, { exports = {} }]) =>
    Object.values(exports)
      .filter((file) => !file.includes("*"))
      .map((file) => `${name}/${file.slice(2)}`)
      .filter((file) => !used.has(file)),
  );
}
