/** Every command as its module declares it, for tests that walk them all: a new option is walked without a line there. */
import type { Argument, Command, Option } from "commander";
import { COMMANDS } from "./commands.mjs";

export type Declared = {
  /** As a person types it: ["da", "put"]. */
  path: string[];
  command: Command;
  elsewhere: Record<string, string>;
};

type Module = { command: () => Command; elsewhere?: Record<string, string> };

export async function commandTree(): Promise<Declared[]> {
  const all: Declared[] = [];
  const add = (path: string[], command: Command, elsewhere: Record<string, string>) => {
    all.push({ path, command, elsewhere });
    for (const sub of command.commands) add([...path, sub.name()], sub, {});
  };
  for (const [name, { file }] of Object.entries(COMMANDS)) {
    const { command, elsewhere = {} } = (await import(new URL(`../${file}`, import.meta.url).href)) as Module;
    add([name], command(), elsewhere);
  }
  return all;
}

/** What stands in the brackets says what a value is; the walk knows no others. */
const NUMBERS = ["n", "port", "id", "seconds", "ether", "gas", "wei", "height"];
const NAMES = ["name", "names"];
const FREE = [
  "file",
  "folder",
  "words",
  "pattern",
  "address",
  "hex",
  "text",
  "type",
  "value",
  "backend",
  "peers",
  "urls",
  "args...",
  "files",
  "files...",
  "filters...",
];

const LISTS = ["hosts", "origins"];

export type Kind = "number" | "url" | "name" | "list" | "free" | "unknown";

export function kindOf(flags: string): Kind {
  const placeholder = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? flags;
  if (NUMBERS.includes(placeholder)) return "number";
  if (placeholder === "url") return "url";
  if (NAMES.includes(placeholder)) return "name";
  if (LISTS.includes(placeholder)) return "list";
  return FREE.includes(placeholder) ? "free" : "unknown";
}

export const takesValue = (option: Option) => option.required || option.optional;
export const isGroup = (command: Command) => command.commands.length > 0;
export const requiredArguments = (command: Command): readonly Argument[] => command.registeredArguments.filter((x) => x.required);

/** No value of that kind. */
export const JUNK: Record<Kind, string[]> = {
  number: ["abc", "NaN", "Infinity", "-1", "1e400", "0x10", " 1", "99999999999999999999", "1.5.2"],
  url: ["nonsense", "127.0.0.1:8545", "ftp://127.0.0.1", "http://", "http://127.0.0.1:99999"],
  name: ["no-such-name", "constructor"],
  list: ["http://a.example/path", "a b", "a.example,", "https://a.example/+sign/", "*+sign"],
  free: [],
  unknown: [],
};
