/** The options of a node as they hold, and which layer said each: flag, variable, file, the network's preset, default. */
import { configFileOf, configLayers, type Given, optionAt, readNodeConfig } from "../../config.ts";
import type { NamedOption } from "../named-options.ts";

type Said = { flags: Given; variables: Given };
export type ShownOption = { key: string; value: unknown; origin: string };

/** Throws what reading a configuration throws. */
export function shownOptions(options: readonly NamedOption[], config: string | undefined, { flags, variables }: Said): ShownOption[] {
  const given = { ...variables, ...flags };
  const path = configFileOf(config, given);
  readNodeConfig(path, given); // what cannot hold is not shown
  const { said, file, preset } = configLayers(path, given);
  const originOf = ({ key, flag, variable }: NamedOption): string => {
    if (Object.hasOwn(flags, key)) return flag;
    if (Object.hasOwn(variables, key)) return variable;
    if (optionAt(file, key) !== undefined) return path ?? "";
    return Object.hasOwn(preset, key) ? String(optionAt(said, "network")) : "default";
  };
  return options.map((option) => ({
    key: option.key,
    value: optionAt(said, option.key) ?? preset[option.key] ?? option.default,
    origin: originOf(option),
  }));
}

export function shownConfig(
  options: readonly NamedOption[],
  config: string | undefined,
  said: Said,
  o: { origin: boolean; json: boolean },
): string {
  const rows = shownOptions(options, config, said);
  if (o.json) return JSON.stringify(Object.fromEntries(rows.map(({ key, value, origin }) => [key, o.origin ? { value, origin } : value])));
  const cells = rows.map(({ key, value, origin }) => [
    key,
    value === undefined ? "-" : JSON.stringify(value),
    ...(o.origin ? [origin] : []),
  ]);
  const widths = [0, 1].map((i) => Math.min(60, Math.max(...cells.map((row) => row[i]?.length ?? 0))));
  return cells.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd()).join("\n"); // biome-ignore format: one line
}
