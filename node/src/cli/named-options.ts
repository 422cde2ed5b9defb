/** What options are called on a command line and in the environment, and what was said of them there. */
import { isNoemaError } from "@noema/core/errors";
import { fromText, type Row } from "@noema/core/option-table";
import { type Command, Option } from "commander";
import type { Given } from "../config.ts";
import { nodeError } from "../errors.ts";

export type NamedOption = Row & { key: string; flag: string; variable: string };

/** `sendWaitMs` of `rpc` as send-wait-ms */
const words = (path: readonly string[]) => path.map((x) => x.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)).join("-");

/**
 * Those that text can say: `--rpc-send-wait-ms` and NOEMA_RPC_SEND_WAIT_MS. `flags` has other names, by key; `section` is for variables
 * of a table that is one command's own.
 */
export function named(rows: readonly Row[], { section, flags = {} }: { section?: string; flags?: Record<string, string> } = {}) {
  return rows
    .filter((row) => row.type !== undefined)
    .map((row): NamedOption => {
      const key = row.path.join(".");
      const variable = `NOEMA_${words([...(section ? [section] : []), ...row.path])}`.toUpperCase().replaceAll("-", "_");
      return { ...row, key, flag: flags[key] ?? `--${words(row.path)}`, variable };
    });
}

export function addOptions(command: Command, options: readonly NamedOption[]): Command {
  for (const { flag, type, short, value = "value", help, expects, none, schema, default: preset } of options) {
    if (command.options.some((x) => x.long === flag)) continue; // two may share one, which says both
    const flags = `${short === undefined ? "" : `-${short}, `}${flag}`;
    const told = type === "string" && expects ? `${help}: ${expects}` : help;
    const option = new Option(type === "boolean" ? flags : `${flags} <${value}>`, told).default(preset, none);
    command.addOption(type === "boolean" ? option : option.argParser((text) => fromText(schema, text)));
  }
  return command;
}

const attributeOf = (flag: string) => new Option(flag).attributeName(); // of --no-mining: mining
const known = (said: (readonly [string, unknown])[]): Given => Object.fromEntries(said.filter(([, value]) => value !== undefined));

/** What the command's flags say. */
export function flagsOf(options: readonly NamedOption[], command: Command): Given {
  const isSaid = (flag: string) => command.getOptionValueSource(attributeOf(flag)) === "cli";
  return known(options.map(({ key, flag }) => [key, isSaid(flag) ? command.getOptionValue(attributeOf(flag)) : undefined]));
}

/** What variables say; an empty one says nothing. Throws CONFIG_INVALID that names the variable and its value. */
export function variablesOf(options: readonly NamedOption[], environment: NodeJS.ProcessEnv = process.env): Given {
  return known(
    options.map(({ key, variable, schema }) => {
      const text = environment[variable];
      return [key, text ? fromVariable(variable, schema, text) : undefined];
    }),
  );
}

/** The command's flags before variables, of which only those are looked at that no flag says. */
export function givenBy(options: readonly NamedOption[], command?: Command, environment: NodeJS.ProcessEnv = process.env): Given {
  const flags = command === undefined ? {} : flagsOf(options, command);
  return { ...variablesOf(options.filter(({ key }) => !Object.hasOwn(flags, key)), environment), ...flags }; // biome-ignore format: one line
}

function fromVariable(variable: string, schema: Row["schema"], text: string): unknown {
  try {
    return fromText(schema, text);
  } catch (error) {
    throw isNoemaError(error) ? nodeError("CONFIG_INVALID", `${variable}=${text}: ${error.message}`) : error;
  }
}
