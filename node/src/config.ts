/** One validator's configuration: its file, under what flags and variables say. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseTable, rowsOf } from "@noema/core/option-table";
import type { InferenceOptions } from "@noema/precompiles/options";
import type * as v from "valibot";
import { nodeError } from "./errors.ts";
import { readSettings } from "./files/read-settings.ts";
import { peersOf, readNetworkFile } from "./network/network-file.ts";
import { nodeOptions } from "./options.ts";
import { repositoryRoot } from "./paths.ts";

/** In a data directory, as `noema init` writes it. */
export const CONFIG_FILE = "config.json";
/** As an operator may write it instead. */
const TOML_FILE = "config.toml";

type Parsed = v.InferOutput<typeof nodeOptions>;

/** As in the file, but that options of inference, which the file has among the node's own, are a section as well: a thread gets its package's whole. */
export type NodeConfig = Omit<Parsed, keyof InferenceOptions> & { inference: InferenceOptions & { models: string } };
export type NodeConfigInput = v.InferInput<typeof nodeOptions>;

/** Values by the dotted path of their option, such as `rpc.port`. */
export type Given = Readonly<Record<string, unknown>>;

/** Of a value that is refused. */
const MOST_SHOWN = 60;

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const PATHS = rowsOf(nodeOptions).flatMap(({ path, value }) => (value === "file" || value === "folder" ? [path.join(".")] : []));

/** `json` with `given` in the place of what it has; paths of `given` begin where the process stands. Faults of `json` stay, for who parses it. */
export function withGiven(json: unknown, given: Given): unknown {
  if (!isObject(json)) return json;
  const made = { ...json };
  for (const [path, said] of Object.entries(given)) {
    const value = PATHS.includes(path) ? resolve(said as string) : said;
    const [name, inner] = path.split(".") as [string, string?];
    const section = made[name] ?? {};
    if (inner === undefined) made[name] = value;
    else if (isObject(section)) made[name] = { ...section, [inner]: value };
  }
  return made;
}

/** Relative paths begin at `folder`, so that it can be moved together with what they name. Throws CONFIG_INVALID with the field at fault. */
export function parseNodeConfig(json: unknown, folder: string, name = "configuration"): NodeConfig {
  const { backend, gpuWorker, models, ...rest } = parseTable(nodeOptions, json, (fault, missing, received) => {
    if (missing)
      return nodeError(
        "CONFIG_INVALID",
        `${name}: ${fault}: its flag, its variable or the file of --datadir has to say it (docs/config.md); \`noema init\` writes one`,
      );
    const shown = received === "" || fault.startsWith("accounts") ? "" : `, not ${received.slice(0, MOST_SHOWN)}`;
    return nodeError("CONFIG_INVALID", `${name}: ${fault}${shown}`);
  });
  const bundled = join(repositoryRoot(), "precompiles", "models");
  return {
    ...rest,
    genesis: resolve(folder, rest.genesis),
    network: rest.network === undefined ? undefined : resolve(folder, rest.network),
    datadir: resolve(folder, rest.datadir),
    passwordFile: rest.passwordFile === undefined ? undefined : resolve(folder, rest.passwordFile),
    logFile: rest.logFile === undefined ? undefined : resolve(folder, rest.logFile),
    inference: { backend, gpuWorker, models: models === undefined ? bundled : resolve(folder, models) },
  };
}

/** What the network's file says of options, by their path: the layer below what `said` says. Throws what reading that file throws. */
function presetOf(said: unknown, folder: string): Given {
  if (!isObject(said) || typeof said.network !== "string") return {};
  return { "p2p.peers": peersOf(readNetworkFile(resolve(folder, said.network))) };
}

/**
 * `named`, or config.json or config.toml of a data directory that is named; where none is, flags and variables say all. Throws CONFIG_INVALID
 * where both are.
 */
export function configFileOf(named: string | undefined, { datadir }: Given): string | undefined {
  if (named !== undefined || typeof datadir !== "string") return named;
  const [file, other] = [CONFIG_FILE, TOML_FILE].map((name) => join(datadir, name)).filter((path) => existsSync(path));
  if (other !== undefined) throw nodeError("CONFIG_INVALID", `${file} and ${other} both say how this node runs: one of them has to go`);
  return file;
}

/** What is said in the file at `path`, or nowhere, and under it the preset. Throws FILE_UNREADABLE, FILE_NOT_JSON, FILE_NOT_TOML, NETWORK_FILE_INVALID. */
export function configLayers(path: string | undefined, given: Given) {
  const folder = path === undefined ? process.cwd() : dirname(resolve(path));
  const file = path === undefined ? {} : readSettings(path);
  const said = withGiven(file, given);
  return { folder, file, said, preset: presetOf(said, folder) };
}

/** The option at a dotted path. */
export function optionAt(json: unknown, path: string): unknown {
  return path.split(".").reduce((at, name) => (isObject(at) ? at[name] : undefined), json);
}

/** Without a path all of it is given. Throws FILE_UNREADABLE, FILE_NOT_JSON, FILE_NOT_TOML, CONFIG_INVALID, NETWORK_FILE_INVALID. */
export function readNodeConfig(path: string | undefined, given: Given = {}): NodeConfig {
  const { folder, said, preset } = configLayers(path, given);
  const unsaid = Object.entries(preset).filter(([key]) => optionAt(said, key) === undefined);
  const name = path ?? (typeof given.datadir === "string" ? `${given.datadir} has no ${CONFIG_FILE}` : undefined);
  return parseNodeConfig(withGiven(said, Object.fromEntries(unsaid)), folder, name);
}
