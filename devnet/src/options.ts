/** What a devnet is told: anvil's names and defaults where anvil has them, so that scripts carry over; and, for its validators, what each of them could be told. */
import { BLOCK_GAS } from "@noema/core/chain-limits";
import { choice, decimal, integer, option, rowsOf } from "@noema/core/option-table";
import { MAX_CHAIN_ID } from "@noema/core/options";
import { FORKS } from "@noema/execution/rules/forks";
import { named } from "@noema/node/cli/named-options";
import { type Given, withGiven } from "@noema/node/config";
import { nodeOptions, port } from "@noema/node/options";
import * as v from "valibot";
import { DEFAULT_MNEMONIC } from "./accounts.ts";

const flag = v.optional(v.boolean("true or false is expected"), false);

/** `fixed`: genesis depends on it, and a data directory keeps it for life. */
const devnetOptions = v.strictObject({
  validators: option("validators, each a process of its own", v.optional(integer(1, 16), 4), { fixed: true }),
  port: option("JSON-RPC port of validator 0; validator i takes port + i; 0 picks free ones", v.optional(port, 8545), { short: "p" }),
  metricsPort: option("Prometheus port of validator 0; 0 picks free ones", v.optional(port, 9545)),
  p2pPort: option("p2p port of validator 0; 0 picks free ones", v.optional(port, 0)),
  accounts: option("funded accounts", v.optional(integer(1, 1000), 10), { short: "a", fixed: true }),
  balance: option("balance of each account", v.optional(integer(0, 1_000_000_000), 10_000), { value: "ether", fixed: true }),
  mnemonic: option("BIP-39 mnemonic of the accounts", v.optional(v.string(), DEFAULT_MNEMONIC), {
    short: "m",
    value: "words",
    fixed: true,
  }),
  chainId: option("chain id", v.optional(integer(1, MAX_CHAIN_ID), 31337), { value: "id", fixed: true }),
  blockTime: option("interval between blocks, fractions allowed", v.optional(decimal(0.05, 3600, "seconds")), {
    short: "b",
    none: "as transactions come",
    fixed: true,
  }),
  mining: option("blocks come as transactions do; --no-mining: a block comes when it is asked for", v.optional(v.boolean()), {
    none: "true",
    fixed: true,
  }),
  asyncSend: option("answer a send when it is accepted and durable, not when its transaction is in a block (for load)", flag),
  gasLimit: option("gas limit of a block", v.optional(integer(21_000, 120_000_000), BLOCK_GAS), { value: "gas", fixed: true }),
  baseFee: option("base fee of the first block", v.optional(integer(7, Number.MAX_SAFE_INTEGER), 1_000_000_000), {
    value: "wei",
    fixed: true,
  }),
  hardfork: option("EVM rules", v.optional(choice(FORKS), "osaka"), { fixed: true }),
  disableTxGasLimit: option("lift EIP-7825's cap of 2^24 gas a transaction, as anvil does; the block's limit stays", flag, { fixed: true }),
  seed: option("make the validators' keys and the salt of genesis from this text: the same again with the same", v.optional(v.string()), {
    value: "text",
    none: "random ones",
    fixed: true,
  }),
  model: option("further .nmodel files, active from the first block on: a.nmodel,b.nmodel", v.optional(v.array(v.string()), []), {
    value: "files",
  }),
  models: option("a folder: each .nmodel file in it likewise", v.optional(v.string()), { value: "folder", none: "no further ones" }),
  datadir: option("state; started again with the same folder, the chain goes on", v.optional(v.string(), ".noema/devnet"), {
    value: "folder",
  }),
  ephemeral: option("keep the state in a folder of its own, which goes when the devnet ends", flag),
  state: option("a file: as --load-state where it exists, and as --dump-state", v.optional(v.string()), { value: "file", none: "none" }),
  loadState: option("a dump, of --dump-state or of anvil's, whose state a new chain begins with", v.optional(v.string()), {
    value: "file",
    none: "none",
  }),
  dumpState: option(
    "write accounts, code and storage there when the devnet stops; blocks stay in the data directory",
    v.optional(v.string()),
    {
      value: "file",
      none: "nowhere",
    },
  ),
  stateInterval: option("and meanwhile each so many seconds", v.optional(integer(1, 86_400)), {
    short: "s",
    value: "seconds",
    none: "when it stops",
  }),
  fresh: option("forget what is in the data directory", flag),
  artifacts: option("a compiled project of Hardhat or Foundry: what fails is told with its lines of source", v.optional(v.string()), {
    value: "folder",
    none: "none",
  }),
  silent: option("print nothing but errors", flag),
  json: option("print the configuration as one JSON line instead of the banner", flag),
  configOut: option("write the configuration as JSON once all RPCs answer", v.optional(v.string()), { value: "file", none: "nowhere" }),
});
const devnetRows = rowsOf(devnetOptions);

type Own = v.InferOutput<typeof devnetOptions>;
export const FIXED = devnetRows.filter((x) => x.fixed).map((x) => x.path[0] as keyof Own);

type NodeInput = v.InferInput<typeof nodeOptions>;
/** For each validator's configuration, alike. */
type Shared = Partial<Omit<NodeInput, "rpc" | "metrics" | "p2p">> & {
  rpc?: Partial<NodeInput["rpc"]>;
  metrics?: Partial<NodeInput["metrics"]>;
};
export type DevnetOptions = Own & { shared: Shared };

/** What the devnet itself says to a validator; whatever else a node can be told goes through. */
const TOLD =
  /^(genesis|network|datadir|models|validatorKey|passwordFile|follow|rpc\.port|rpc\.sendWaitMs|metrics\.host|metrics\.port|p2p\..*|logFile|rpcUrls)$/;
const SHORTER = {
  "rpc.host": "--host",
  "rpc.hosts": "--hosts",
  "metrics.hosts": "--hosts",
  "rpc.cors": "--cors",
  "rpc.identity": "--identity",
};

export const ownOptions = named(devnetRows, { section: "devnet", flags: { mining: "--no-mining" } });
export const sharedOptions = named(rowsOf(nodeOptions), { flags: SHORTER }).filter(({ key }) => !TOLD.test(key));

export function readOptions(own: Given, shared: Given = {}): DevnetOptions {
  return { ...v.parse(devnetOptions, own), shared: withGiven({}, shared) as Shared };
}
