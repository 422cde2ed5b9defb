/** The sources as data: which file imports and exports what. The rules beside this file are written over it. */
import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync } from "rolldown/utils";

/** An import, re-export or `import()`; `names` is "*" where any may be meant. */
export type Import = { specifier: string; names: readonly string[] | "*" };

export type Source = {
  /** From the repository's root, with slashes. */
  path: string;
  text: string;
  imports: Import[];
  /** By the name under which it is exported. */
  exports: { name: string; type: boolean }[];
  /** It has re-exports, and nothing else but imports. */
  barrel: boolean;
};

export const isTest = (path: string) => /\.(test|spec|slow|full|e2e)\.ts$/.test(path);

/** Part of what a user runs: not a test, nor what serves tests or measures. */
export const isProduct = (path: string) => /^[^/]+\/([^/]+\/)?src\//.test(path) && !isTest(path) && !path.includes("/testing/");

/** `core` of core/src/bytes.ts. */
export const folderOf = (path: string) => path.slice(0, path.indexOf("/"));

type Range = { start: number; end: number };

export function parse(path: string, text: string): Source {
  const { module } = parseSync(path, text);
  const imports: Import[] = module.staticImports.map(({ moduleRequest, entries }) => {
    const all = entries.some((x) => x.importName.kind === "NamespaceObject");
    return { specifier: moduleRequest.value, names: all ? "*" : entries.map((x) => x.importName.name ?? "default") };
  });
  // import("x") also as a type, which the module record leaves out
  for (const [, specifier] of text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g)) imports.push({ specifier: specifier as string, names: "*" });
  const entries = module.staticExports.flatMap((x) => x.entries);
  for (const { moduleRequest, importName } of entries)
    if (moduleRequest)
      imports.push({ specifier: moduleRequest.value, names: importName.kind === "Name" ? [importName.name as string] : "*" });
  return {
    path,
    text,
    imports,
    exports: entries.filter((x) => x.exportName.kind !== "None").map((x) => ({ name: x.exportName.name ?? "default", type: x.isType })),
    barrel:
      entries.length > 0 && entries.every((x) => x.moduleRequest) && nothingBut(text, [...module.staticImports, ...module.staticExports]),
  };
}

function nothingBut(text: string, ranges: readonly Range[]): boolean {
  let rest = text;
  for (const { start, end } of ranges) rest = rest.slice(0, start) + " ".repeat(end - start) + rest.slice(end);
  return rest.replaceAll(/\bexport\s*(type\s*)?\{[^}]*\}|\/\*[\s\S]*?\*\/|\/\/.*|[\s;]/g, "") === "";
}

/** Every file of these folders, but for what is installed, hidden, or AssemblyScript. */
export function readSources(root: string, folders: readonly string[]): Source[] {
  const exclude = (path: string) => /(^|\/)(node_modules|\.[^/]+|assembly)$/.test(path);
  return folders
    .flatMap((x) => globSync(`${x}/**/*.{ts,mts,mjs}`, { cwd: root, exclude }))
    .map((x) => x.replaceAll("\\", "/"))
    .sort()
    .map((path) => parse(path, readFileSync(join(root, path), "utf8")));
}

/** The file of ours that a specifier means. */
export function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  const [, name, inside] = /^@noema\/([^/]+)\/(.+)$/.exec(specifier) ?? [];
  return name === undefined ? undefined : `${name}/src/${inside}.ts`;
}

/** The installed package of a specifier: `@a/b` of @a/b/c; undefined for files, Node's own and what a build makes. */
export function libraryOf(specifier: string): string | undefined {
  return /^(?:\.|node:|virtual:)/.test(specifier) ? undefined : /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
}
