/** What documents show: fenced blocks, each with its language and, where it has one, the word that says that no test runs it. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../walls.ts";

export type Block = { page: string; line: number; language: string; words: string[]; text: string };

/** By name: decisions tell of their time, and what is generated is judged with its source. */
export const pages = globSync(["*.md", "llms.txt", "docs/**/*.md", "*/README.md", "examples/*/README.md"], { cwd: root })
  .filter((x) => !/^(docs\/decisions|node_modules)\//.test(x))
  .sort();

/** Blocks may be indented, as within a list. */
export function blocksOf(page: string, text = readFileSync(join(root, page), "utf8")): Block[] {
  return [...text.matchAll(/^( *)```(.*)\n([\s\S]*?)^\1```$/gm)].map(([, indent = "", info = "", body = ""], i, all) => {
    const line = text.slice(0, (all[i] as RegExpMatchArray).index).split("\n").length;
    const [language = "", ...words] = info.trim().split(/\s+/);
    return { page, line, language, words, text: body.replaceAll(new RegExp(`^${indent}`, "gm"), "") };
  });
}
