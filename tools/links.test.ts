/** Every relative link of the documents at the root and of the package pages leads to a file. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = ["", ...readdirSync(root, { withFileTypes: true }).flatMap((x) => (x.isDirectory() ? [x.name] : []))]
  .filter((x) => !x.startsWith(".") && x !== "node_modules")
  .flatMap((folder) => readdirSync(join(root, folder)).flatMap((name) => (name.endsWith(".md") ? [join(folder, name)] : [])));

test.each(pages)("%s", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((x) => x[1] as string).filter((x) => !/^[a-z]+:/.test(x));
  expect(links.filter((x) => !existsSync(join(root, dirname(page), x)))).toEqual([]);
});
