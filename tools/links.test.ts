/** Documents and comments point at what exists: links, pictures, paths, pages with their sections, decisions. */
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const files = (pattern: string) => globSync(pattern, { cwd: root, exclude: (path) => /(^|\/)(node_modules|\.[^/]+)$/.test(path) });
const folders = readdirSync(root, { withFileTypes: true }).flatMap((x) => (x.isDirectory() && !x.name.startsWith(".") ? [x.name] : []));
const pages = [...files("**/*.md"), "llms.txt"];
const sources = files("**/*.{ts,mjs,js,sol,json}").filter((x) => !/(^|\/)package-lock\.json$/.test(x));

/** Where a document points from its own folder: [text](path), src="path". */
const linked = (text: string) =>
  [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|href)="([^"#]+)"/g)]
    .map((x) => (x[1] ?? x[2]) as string)
    .filter((x) => !/^[a-z]+:/.test(x));

/** What it names from the root: `core/src/ports`; patterns and placeholders are none. */
const named = (text: string) =>
  [...text.matchAll(/`([\w-]+\/[\w./-]+)`/g)].map((x) => x[1] as string).filter((x) => folders.includes(x.split("/")[0] as string));

/** A comment's lines as one. */
const joined = (text: string) => text.replace(/\s*\n\s*(?:\*(?!\/)|\/\/+)?\s*/g, " ");

const SECTION = "\\d+(?:\\.\\d+)*";
const PAGE = new RegExp(
  `(?<![\\w./-])((?:[\\w-]+/)*[\\w-]+\\.md)\\b(?:'s)?(?:,? (?:sections? )?(${SECTION}(?:(?:, | and )(?:section )?${SECTION})*)(?![\\w]))?`,
  "g",
);

/** `consensus.md 2.4`, `da.md section 2`, `consensus.md 2.3, 2.8.5`: a page of docs/protocol or docs, or a path from the root. */
const cited = (text: string) =>
  [...joined(text).matchAll(PAGE)].map(([, page, sections]) => ({
    page: page as string,
    sections: sections?.match(new RegExp(SECTION, "g")) ?? [],
  }));

/** `decision 0019`, `decisions 0018, 0019`, `docs/decisions/0024`. */
const decided = (text: string) =>
  [...joined(text).matchAll(/\bdecisions?[ /]\[?(\d{4}(?:(?:, | and )\d{4})*)\b/g)].flatMap(
    ([, list]) => (list as string).match(/\d{4}/g) ?? [],
  );
const decisions = new Set(files("docs/decisions/[0-9]*.md").map((x) => x.slice("docs/decisions/".length, "docs/decisions/".length + 4)));

const sectionsOf = (path: string) => [...read(path).matchAll(/^(?:#+ (?=\d)|(?=\d+\.\d))(\d+(?:\.\d+)*)\.? /gm)].map((x) => x[1]);

/** What a text names that is not there. A bare name is a page of docs/protocol or docs, of the root, or one beside the text. */
function unknown(source: string, text: string): string[] {
  const pagesFor = (page: string) => [page, join("docs", page), join("docs", "protocol", page), join(dirname(source), page)];
  const wrong = cited(text).flatMap(({ page, sections }) => {
    const path = pagesFor(page).find((x) => existsSync(join(root, x)));
    if (path === undefined) return [`${source}: ${page}`];
    const there = sections.length === 0 ? [] : sectionsOf(path);
    return sections.filter((x) => !there.includes(x)).map((x) => `${source}: ${page} ${x}`);
  });
  return [...wrong, ...decided(text).flatMap((x) => (decisions.has(x) ? [] : [`${source}: decision ${x}`]))];
}

test("there are documents and comments that cite them", () => {
  expect(pages).toContain("ARCHITECTURE.md");
  expect(sources.flatMap((x) => cited(read(x))).length).toBeGreaterThan(50);
});

test.each(pages)("%s", (page) => {
  const text = read(page);
  const missing = [
    ...linked(text).filter((x) => !existsSync(join(root, dirname(page), x))),
    ...named(text).filter((x) => !existsSync(join(root, x)) && !existsSync(join(root, dirname(page), x))),
  ];
  expect(missing).toEqual([]);
});

test("the pages, sections and decisions that comments and documents name", () => {
  const judged = [...sources, ...pages].filter((x) => x !== "tools/links.test.ts"); // what is wrong below is meant to be
  expect(judged.flatMap((source) => unknown(source, read(source)))).toEqual([]);
});

test("a page, section or decision that is not there is found, wherever the comment breaks its lines", () => {
  const wrong: [text: string, found: string][] = [
    ["// ports.md says so", "ports.md"],
    ["/** The order (design/consensus.md 2.4). */", "design/consensus.md"],
    ["// the README of a package: core/README2.md", "core/README2.md"],
    ["/** consensus.md 2.99 */", "consensus.md 2.99"],
    ["/**\n * As it stands (consensus.md\n * 2.99).\n */", "consensus.md 2.99"],
    ["// consensus.md 2.3, 9.9", "consensus.md 9.9"],
    ["// consensus.md 2.1 and 9.8", "consensus.md 9.8"],
    ["// da.md section 77", "da.md 77"],
    ["// encoding.md, section 78", "encoding.md 78"],
    ["// (decision 9999)", "decision 9999"],
    ["// (decisions 0018, 9998)", "decision 9998"],
    ["// docs/decisions/9997", "decision 9997"],
  ];
  for (const [text, found] of wrong) expect(unknown("core/src/a.ts", text)).toEqual([`core/src/a.ts: ${found}`]);
  const right = [
    "consensus.md 2.3, 2.8.5",
    "da.md section 2",
    "README.md",
    "docs/errors.md",
    "decision 0019",
    "consensus.md has 12 lines",
    "db.mdb 9",
  ];
  for (const text of right) expect(unknown("core/src/a.ts", `// ${text}`)).toEqual([]);
});
