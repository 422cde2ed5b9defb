/** Rules of the layout over the sources; each answers with what breaks it. */
import type { Walls } from "../walls.ts";
import { folderOf, isProduct, isTest, libraryOf, type Source, targetOf } from "./sources.ts";

const MAX_LINES = 300;
const NO_LIMIT = /\/(generated|tables)\//;

/** Imports in a circle, type imports included: each as its files. */
export function cycles(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((x) => [x.path, x]));
  const found: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string) => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(" -> "));
    if (at >= 0 || done.has(path)) return;
    trail.push(path);
    for (const { specifier } of byPath.get(path)?.imports ?? []) {
      const target = targetOf(path, specifier);
      if (target !== undefined && byPath.has(target)) visit(target);
    }
    trail.pop();
    done.add(path);
  };
  for (const { path } of sources) visit(path);
  return found;
}

/** What walls.json forbids, in every file that is no test: also outside src, where biome does not look. */
export function forbidden(sources: readonly Source[], { packages, reserved }: Walls): string[] {
  return sources.flatMap(({ path, imports }) => {
    const own = folderOf(path);
    const mayImport = packages[own]?.imports;
    if (mayImport === undefined || isTest(path)) return [];
    const bad = imports.filter(({ specifier }) => {
      const target = targetOf(path, specifier);
      if (target !== undefined) return specifier.startsWith(".") ? folderOf(target) !== own : !mayImport.includes(folderOf(target));
      const library = libraryOf(specifier);
      const row = reserved.find(({ modules }) => modules.some((x) => x === library || x === `${library?.split("/")[0]}/*`));
      return row !== undefined && !row.to.some((x) => path.startsWith(`${x}/`));
    });
    return bad.map((x) => `${path}: ${x.specifier}`);
  });
}

export function tooLong(sources: readonly Source[]): string[] {
  const long = sources.filter(({ path, text }) => !isTest(path) && !NO_LIMIT.test(path) && text.trimEnd().split("\n").length > MAX_LINES);
  return long.map((x) => x.path);
}

export function barrels(sources: readonly Source[]): string[] {
  return sources.filter((x) => x.barrel).map((x) => x.path);
}

/** Files of the product that import helpers of tests. */
export function testHelpers(sources: readonly Source[], { packages }: Walls): string[] {
  return sources.flatMap(({ path, imports }) => {
    if (!isProduct(path) || packages[folderOf(path)]?.measures) return [];
    const bad = imports.filter(({ specifier }) => {
      const target = targetOf(path, specifier);
      return target !== undefined && folderOf(target) in packages && !isProduct(target);
    });
    return bad.map((x) => `${path}: ${x.specifier}`);
  });
}
