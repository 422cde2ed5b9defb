/** Commands of ours that a document shows, in blocks and within lines, read as the launcher would read them. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Declared, takesValue } from "../../bin/command-tree.ts";
import { root } from "../walls.ts";
import { blocksOf } from "./blocks.ts";

/** What starts a command, and what ends it in a shell. */
const STARTS = /\bnpm (?:run (?:--silent )?([\w:-]+)|(test))\b(?: -- ((?:"[^"]*"|'[^']*'|\$\([^)]*\)|[^\n`;|&)#])*))?/g;
/** Stands for what the reader has: FILE, net.onnx's like are taken as they are, `$ID`, `...`. */
const PLACEHOLDER = /^[A-Z][A-Z_]*$|^\$|\.\.\./;

export type Shown = { page: string; text: string; args: string[] };

const scriptsOf = (folder: string): Record<string, string> => {
  const file = join(root, folder, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")).scripts ?? {}) : {};
};
const scripts = scriptsOf(".");

/** undefined: a script of the page's own folder, or one that is no command of ours. `npm run x` where there is no x throws. */
function argsOf(page: string, script: string, rest: string): string[] | undefined {
  if (script in scriptsOf(dirname(page)) && dirname(page) !== ".") return undefined;
  const line = scripts[script];
  if (line === undefined) throw new Error(`there is no script ${script}`);
  const [, own] = /bin\/noema\.mjs ?(.*)$/.exec(line) ?? [];
  if (own === undefined) return undefined;
  const given = rest.match(/(?:"[^"]*"|'[^']*'|\$\([^)]*\)|\S)+/g) ?? [];
  return [...own.split(" ").filter((x) => x !== ""), ...given.map((x) => x.replaceAll(/^["']|["']$/g, ""))];
}

export function shownCommands(page: string, text = readFileSync(join(root, page), "utf8")): Shown[] {
  const blocks = blocksOf(page, text).filter((x) => x.language === "sh").map((x) => x.text.replaceAll("\\\n", " ")); // biome-ignore format: one line
  const inline = text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "").match(/`[^`\n]+`/g) ?? [];
  return [...blocks, ...inline].flatMap((source) =>
    [...source.matchAll(STARTS)].flatMap(([all, script, test, rest = ""]) => {
      const args = argsOf(page, script ?? test ?? "", rest);
      return args === undefined ? [] : [{ page, text: all, args }];
    }),
  );
}

/** What the launcher would refuse of it; undefined: nothing. */
export function wrongOf({ args }: Shown, tree: readonly Declared[]): string | undefined {
  const [first] = args;
  if (first === undefined || ["--help", "--version"].includes(first) || PLACEHOLDER.test(first)) return undefined;
  let at = tree.find((x) => x.path.length === 1 && x.path[0] === first)?.command;
  if (at === undefined) return `there is no command ${first}`;
  for (let i = 1; i < args.length; i++) {
    const arg = args[i] as string;
    const sub: typeof at | undefined = at.commands.find((x) => x.name() === arg);
    if (sub !== undefined) at = sub;
    if (!arg.startsWith("-") || arg === "--help" || PLACEHOLDER.test(arg)) continue;
    if (at.name() === "script" || at.name() === "test") return undefined; // hands on what follows
    const [name, attached] = arg.split("=");
    const option = at.options.find((x) => x.long === name || x.short === name);
    if (option === undefined) return `${at.name()} has no ${name}`;
    if (!takesValue(option)) continue;
    const value = attached ?? args[++i] ?? "";
    if (value === "") return `${name} lacks its value`;
    if (PLACEHOLDER.test(value)) continue;
    try {
      option.parseArg?.(value, undefined as never);
    } catch (error) {
      return `${name} ${value}: ${(error as Error).message}`;
    }
  }
  return undefined;
}
