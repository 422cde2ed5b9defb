/** Every relative link, picture and path that a document names leads to a file. */
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders = readdirSync(root, { withFileTypes: true }).flatMap((x) => (x.isDirectory() && !x.name.startsWith(".") ? [x.name] : []));
const pages = globSync("**/*.md", { cwd: root, exclude: (path) => /(^|\/)(node_modules|\.[^/]+)$/.test(path) });

/** Where a document points from its own folder: [text](path), src="path". */
const linked = (text: string) =>
  [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|href)="([^"#]+)"/g)]
    .map((x) => (x[1] ?? x[2]) as string)
    .filter((x) => !/^[a-z]+:/.test(x));

/** What it names from the root: `core/src/ports`; patterns and placeholders are none. */
const named = (text: string) =>
  [...text.matchAll(/`([\w-]+\/[\w./-]+)`/g)].map((x) => x[1] as string).filter((x) => folders.includes(x.split("/")[0] as string));

test("there are documents", () => expect(pages).toContain("ARCHITECTURE.md"));

test.each(pages)("%s", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const missing = [
    ...linked(text).filter((x) => !existsSync(join(root, dirname(page), x))),
    ...named(text).filter((x) => !existsSync(join(root, x)) && !existsSync(join(root, dirname(page), x))),
  ];
  expect(missing).toEqual([]);
});
