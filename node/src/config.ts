/** One validator's configuration: its file, under what flags and variables say. */
import { dirname, join, resolve } from "node:path";
import { parseTable, rowsOf } from "@noema/core/option-table";
import type { InferenceOptions } from "@noema/precompiles/options";
import type * as v from "valibot";
import { nodeError } from "./errors.ts";
import { readJson } from "./files/read-json.ts";
import { peersOf, readNetworkFile } from "./network/network-file.ts";
import { nodeOptions } from "./options.ts";
import { repositoryRoot } from "./paths.ts";

/** In a data directory. */
export const CONFIG_FILE = "config.json";

type Parsed = v.InferOutput<typeof nodeOptions>;

/** As in the file, but that options of inference, which the file has among the node's own, are a section as well: a thread gets its package's whole. */
export type NodeConfig = Omit<Parsed, keyof InferenceOptions> & { inference: InferenceOptions & { models: string } };
export type NodeConfigInput = v.InferInput<typeof nodeOptions>;

/** Values by the dotted path of their option, such as `rpc.port`. */
export type Given = Readonly<Record<string, unknown>>;

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
  const { backend, gpuWorker, models, ...rest } = parseTable(nodeOptions, json, (fault, missing) =>
    nodeError("CONFIG_INVALID", `${name}: ${fault}${missing ? ": its flag, its variable or the file has to say it (docs/config.md)" : ""}`),
  );
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

/** What the network's file says, where `json` does not. Throws what reading that file throws. */
function withPreset(json: unknown, folder: string): unknown {
  if (!isObject(json) || typeof json.network !== "string") return json;
  const p2p = json.p2p ?? {};
  if (!isObject(p2p) || p2p.peers !== undefined) return json;
  return { ...json, p2p: { ...p2p, peers: peersOf(readNetworkFile(resolve(folder, json.network))) } };
}

/** Without a path all of it is given. Throws FILE_UNREADABLE, FILE_NOT_JSON, CONFIG_INVALID, NETWORK_FILE_INVALID. */
export function readNodeConfig(path: string | undefined, given: Given = {}): NodeConfig {
  const folder = path === undefined ? process.cwd() : dirname(resolve(path));
  const said = withGiven(path === undefined ? {} : readJson(path), given);
  return parseNodeConfig(withPreset(said, folder), folder, path);
}
