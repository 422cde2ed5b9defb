/** One validator's configuration file: what differs between processes. What all must agree on stands in genesis.json. */
import { readFileSync } from "node:fs";
import { NoemaError } from "@noema/core/errors";
import * as v from "valibot";

const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535));
const address = v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/));
/** With messages of their own: the library's quote what they refuse. */
const privateKey = v.pipe(v.string("must be a string"), v.regex(/^0x[0-9a-fA-F]{64}$/, "must be 0x and 64 hex digits"));

export const nodeConfigSchema = v.strictObject({
  genesis: v.string(),
  datadir: v.string(),
  rpc: v.strictObject({
    host: v.optional(v.string(), "127.0.0.1"),
    port,
    /** Milliseconds that a send waits for its transaction to be in `latest`, at most; 0: it is answered when accepted and durable. */
    sendWaitMs: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(60_000)), 0),
  }),
  metrics: v.strictObject({ host: v.optional(v.string(), "127.0.0.1"), port }),
  p2p: v.strictObject({ host: v.optional(v.string(), "127.0.0.1"), port, peers: v.array(v.string()) }),
  backend: v.optional(v.picklist(["wasm", "webgpu", "remote"]), "wasm"),
  store: v.optional(v.picklist(["lmdb", "rocksdb"]), "lmdb"),
  logLevel: v.optional(v.picklist(["debug", "info", "warn", "error", "silent"]), "info"),
  /** Model files that genesis names are looked for here. */
  models: v.string(),
  /** RPC URLs of the validators by index, where this operator knows them. */
  rpcUrls: v.optional(v.array(v.string()), []),
  /** Devnets only: accounts that the node signs for. */
  accounts: v.optional(v.array(v.strictObject({ address, privateKey })), []),
});

export type NodeConfig = v.InferOutput<typeof nodeConfigSchema>;
export type NodeConfigInput = v.InferInput<typeof nodeConfigSchema>;

/** Throws CONFIG_INVALID with the field at fault. */
export function parseNodeConfig(json: unknown): NodeConfig {
  const result = v.safeParse(nodeConfigSchema, json);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new NoemaError("CONFIG_INVALID", `configuration: ${v.getDotPath(issue) ?? ""}: ${issue.message}`);
}

export function readNodeConfig(path: string): NodeConfig {
  return parseNodeConfig(readJson(path));
}

/** Throws CONFIG_INVALID when the file is missing or no JSON. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "is not valid JSON" : error instanceof Error ? error.message : error; // V8 quotes the text
    throw new NoemaError("CONFIG_INVALID", `${path}: ${why}`, { path });
  }
}
