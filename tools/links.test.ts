/** Documents and comments point at what exists: links, pictures, paths, and pages of docs/protocol with their sections. */
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const files = (pattern: string) => globSync(pattern, { cwd: root, exclude: (path) => /(^|\/)(node_modules|\.[^/]+)$/.test(path) });
const folders = readdirSync(root, { withFileTypes: true }).flatMap((x) => (x.isDirectory() && !x.name.startsWith(".") ? [x.name] : []));
const pages = files("**/*.md");
const sources = files("**/*.{ts,mjs,sol}").concat("biome.json");

/** Where a document points from its own folder: [text](path), src="path". */
const linked = (text: string) =>
  [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|href)="([^"#]+)"/g)]
    .map((x) => (x[1] ?? x[2]) as string)
    .filter((x) => !/^[a-z]+:/.test(x));

/** What it names from the root: `core/src/ports`; patterns and placeholders are none. */
const named = (text: string) =>
  [...text.matchAll(/`([\w-]+\/[\w./-]+)`/g)].map((x) => x[1] as string).filter((x) => folders.includes(x.split("/")[0] as string));

/** `consensus.md 2.4`, `da.md section 2`: a page of docs/protocol, or a path from the root. */
const cited = (text: string) =>
  [...text.matchAll(/(?<![\w./])([\w/-]+\.md)\b(?:'s)?(?: (?:section )?(\d+(?:\.\d+)*))?/g)].map(([, page, section]) => ({
    page: page as string,
    section,
  }));

const sectionsOf = (path: string) => [...read(path).matchAll(/^(?:#+ (?=\d)|(?=\d+\.\d))(\d+(?:\.\d+)*)\.? /gm)].map((x) => x[1]);

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

test("the pages and sections that comments name", () => {
  const wrong = sources.flatMap((source) =>
    cited(read(source)).flatMap(({ page, section }) => {
      const path = [page, join("docs", page), join("docs", "protocol", basename(page))].find((x) => existsSync(join(root, x)));
      const known = path !== undefined && (section === undefined || sectionsOf(path).includes(section));
      return known ? [] : [`${source}: ${page} ${section ?? ""}`];
    }),
  );
  expect(wrong).toEqual([]);
});
