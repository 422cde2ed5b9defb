/** Exports of the product that nobody needs. */
import { isProduct, isTest, type Source, targetOf } from "./sources.ts";

/** By file: which of its exports other files import, of those that `counts`. */
function importedNames(sources: readonly Source[], counts: (path: string) => boolean): Map<string, Set<string>> {
  const exported = new Map(sources.map((x) => [x.path, x.exports.map((e) => e.name)]));
  const found = new Map<string, Set<string>>();
  for (const { path, imports } of sources.filter((x) => counts(x.path)))
    for (const { specifier, names } of imports) {
      const target = targetOf(path, specifier);
      if (target === undefined || target === path) continue;
      const used = found.get(target) ?? new Set();
      for (const name of names === "*" ? (exported.get(target) ?? []) : names) used.add(name);
      found.set(target, used);
    }
  return found;
}

/** A test, or what only tests import; measurements and tools are users like any other. */
const isForTests = (path: string) => isTest(path) || path.includes("/testing/") || /^(e2e\/|[^/]+\/test\/)/.test(path);

const mentions = (text: string, name: string) =>
  text.match(new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`, "g"))?.length ?? 0;

/**
 * Exports without a use outside of tests, in another file or the own, and values that are exported although only their own file
 * uses them. `entries` are files whose exports are called by name; the types of an exported function are no fault.
 */
export function deadExports(sources: readonly Source[], entries: readonly string[]): string[] {
  const all = importedNames(sources, () => true);
  const real = importedNames(sources, (path) => !isForTests(path));
  return sources.flatMap(({ path, text, exports }) => {
    if (!isProduct(path) || entries.includes(path) || /\/(errors\.ts|generated\/.*)$/.test(path)) return [];
    return exports.flatMap(({ name, type }) => {
      if (real.get(path)?.has(name)) return [];
      if (mentions(text, name) < 2) return [`${path}: ${name} has no use but in tests`];
      return type || all.get(path)?.has(name) ? [] : [`${path}: ${name} is used here only, it needs no export`];
    });
  });
}
