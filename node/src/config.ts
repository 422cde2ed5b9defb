/** One validator's configuration file: what differs between processes. What all must agree on stands in genesis.json. */
import { dirname, join, resolve } from "node:path";
import { BACKENDS } from "@noema/precompiles/backend/names";
import * as v from "valibot";
import { nodeError } from "./errors.ts";
import { readJson } from "./files/read-json.ts";
import { repositoryRoot } from "./paths.ts";
import { parseHosts } from "./web/hosts.ts";
import { parseOrigins } from "./web/origins.ts";

const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535));
const address = v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/));
/** With messages of their own: the library's quote what they refuse. */
const privateKey = v.pipe(v.string("must be a string"), v.regex(/^0x[0-9a-fA-F]{64}$/, "must be 0x and 64 hex digits"));

function listOf(parse: (list: readonly string[]) => unknown) {
  const fault = (list: readonly string[]) => {
    try {
      return void parse(list);
    } catch (error) {
      return (error as Error).message;
    }
  };
  const check = v.check<string[], (issue: { input: string[] }) => string>(
    (list) => fault(list) === undefined,
    ({ input }) => fault(input) as string,
  );
  return v.optional(v.pipe(v.array(v.string()), check), []);
}
/** Names by which others reach a server, beside loopback and its `host`: a proxy's, a container's. */
const hosts = listOf(parseHosts);

/** Relative paths begin at the folder of the file, so that it can be moved together with what it names. */
const nodeConfigSchema = v.strictObject({
  genesis: v.string(),
  datadir: v.string(),
  rpc: v.strictObject({
    host: v.optional(v.string(), "127.0.0.1"),
    port,
    hosts,
    /** Origins of pages that may ask, beside those of this machine: `https://app.example`, `*`; `https://app.example+sign` may also sign and publish. */
    cors: listOf(parseOrigins),
    /** Milliseconds that a send waits for its transaction to be in `latest`, at most; 0: it is answered when accepted and durable. */
    sendWaitMs: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(60_000)), 0),
  }),
  metrics: v.strictObject({ host: v.optional(v.string(), "127.0.0.1"), port, hosts }),
  p2p: v.strictObject({ host: v.optional(v.string(), "127.0.0.1"), port, peers: v.array(v.string()) }),
  backend: v.optional(v.string(), BACKENDS[0]),
  store: v.optional(v.picklist(["lmdb", "rocksdb"]), "lmdb"),
  logLevel: v.optional(v.picklist(["debug", "info", "warn", "error", "silent"]), "info"),
  /** JSON lines are appended here; without it they go to standard output. */
  logFile: v.optional(v.string()),
  /** Model files that genesis names are looked for here; default: those that come with Noema. */
  models: v.optional(v.string()),
  /** RPC URLs of the validators by index, where this operator knows them. */
  rpcUrls: v.optional(v.array(v.string()), []),
  /** Devnets only: accounts that the node signs for. */
  accounts: v.optional(v.array(v.strictObject({ address, privateKey })), []),
});

export type NodeConfig = v.InferOutput<typeof nodeConfigSchema> & { models: string };
export type NodeConfigInput = v.InferInput<typeof nodeConfigSchema>;

/** Paths begin at `folder`. Throws CONFIG_INVALID with the field at fault. */
export function parseNodeConfig(json: unknown, folder: string, name = "configuration"): NodeConfig {
  const result = v.safeParse(nodeConfigSchema, json);
  if (!result.success) {
    const issue = result.issues[0];
    throw nodeError("CONFIG_INVALID", `${name}: ${v.getDotPath(issue) ?? ""}: ${issue.message}`);
  }
  const { genesis, datadir, logFile, models, ...rest } = result.output;
  return {
    ...rest,
    genesis: resolve(folder, genesis),
    datadir: resolve(folder, datadir),
    logFile: logFile === undefined ? undefined : resolve(folder, logFile),
    models: models === undefined ? join(repositoryRoot(), "precompiles", "models") : resolve(folder, models),
  };
}

/** Throws FILE_UNREADABLE, FILE_NOT_JSON, CONFIG_INVALID. */
export function readNodeConfig(path: string): NodeConfig {
  return parseNodeConfig(readJson(path), dirname(resolve(path)), path);
}
