/** What one validator chooses for itself: fields of its config.json, flags of its command, environment variables (docs/config.md). What all must agree on stands in genesis.json. */
import { choice, integer, option } from "@noema/core/option-table";
import { daOptions } from "@noema/da-layer/options";
import { executionOptions, poolOptions } from "@noema/execution/options";
import { inferenceOptions } from "@noema/precompiles/options";
import * as v from "valibot";
import { parseHosts } from "./web/hosts.ts";
import { parseOrigins } from "./web/origins.ts";

export const port = v.pipe(integer(0, 65535), v.metadata({ value: "port" }));
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
const host = option("address to listen on", v.optional(v.string(), "127.0.0.1"), { value: "address" });
const hosts = option("names by which others reach it, of a proxy or a container: a.example,b", listOf(parseHosts), {
  value: "hosts",
  none: "its own",
});

export const nodeOptions = v.strictObject({
  genesis: option("genesis.json, what all validators agree on", v.string(), { value: "file" }),
  network: option("network.json, whose peers are dialled where nothing else says which", v.optional(v.string()), {
    value: "file",
    none: "none",
  }),
  datadir: option("keys, logs and stores", v.string(), { value: "folder" }),
  rpc: v.strictObject({
    host,
    port: option("JSON-RPC, WebSocket, data, health and the page", port),
    hosts,
    cors: option(
      "sites whose pages may ask, * for all; https://a.example+sign may also sign with the accounts and publish",
      listOf(parseOrigins),
      { value: "origins", none: "those of this machine" },
    ),
    identity: option(
      "what web3_clientVersion of a development chain begins with: a name that tools know such chains by, or this program's own",
      v.optional(choice(["anvil", "noema"]), "anvil"),
    ),
    sendWaitMs: option(
      "milliseconds that a send waits for its transaction to be in `latest`, at most; 0: it is answered when accepted and durable",
      v.optional(integer(0, 60_000), 0),
    ),
    deadlineMs: option(
      "milliseconds that a question about the chain may take, its wait for a thread included; then it is given up",
      v.optional(integer(100, 600_000), 5000),
    ),
  }),
  metrics: v.strictObject({ host, port: option("Prometheus", port), hosts }),
  p2p: v.strictObject({
    host,
    port: option("other validators", port),
    peers: option("addresses of the other validators, /ip4/.../p2p/...", v.array(v.string()), { value: "peers" }),
  }),
  validatorKey: option(
    "public key of the validator, where its data directory holds several",
    v.optional(v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{96}$/, "0x and 96 hex digits are expected"))),
    { value: "hex", none: "the only one" },
  ),
  passwordFile: option("holds the password of the validator's keystore; its owner alone may read it", v.optional(v.string()), {
    value: "file",
    none: "the key is not encrypted",
  }),
  follow: option(
    "no validator: signs nothing, whatever key its data directory has, and needs none",
    v.optional(v.boolean("true or false is expected"), false),
  ),
  ...inferenceOptions.entries,
  diskReserve: option(
    "bytes of the datadir's disk below which nothing is written: votes and blocks wait until there is room; less than da.diskReserve",
    v.optional(integer(0, 2 ** 50), 2 ** 27),
  ),
  store: option("key-value store", v.optional(choice(["lmdb", "rocksdb"]), "lmdb")),
  keepHeights: option(
    "consensus blocks kept below the newest, and at least an epoch's; 0: all. A node that was away for longer needs a snapshot",
    v.optional(integer(0, 2 ** 40), 0),
  ),
  logLevel: option("the least that is logged", v.optional(choice(["debug", "info", "warn", "error", "silent"]), "info")),
  logFile: option("JSON lines are appended to it", v.optional(v.string()), { value: "file", none: "standard output" }),
  rpcUrls: option("RPC URLs of the validators by index, where this operator knows them", v.optional(v.array(v.string()), []), {
    value: "urls",
    none: "none",
  }),
  accounts: option(
    "{address, privateKey} that the node signs for; on a devnet only",
    v.optional(v.array(v.strictObject({ address, privateKey })), []),
    { none: "none" },
  ),
  execution: v.optional(executionOptions, {}),
  pool: v.optional(poolOptions, {}),
  da: v.optional(daOptions, {}),
});
