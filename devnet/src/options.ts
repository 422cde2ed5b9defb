/** The devnet's flags: anvil's names and defaults where anvil has them, so that scripts carry over. */
import { decimal, integer } from "@noema/core/arguments";
import { MAX_CHAIN_ID } from "@noema/core/genesis";
import { FORKS } from "@noema/execution/engine/forks";
import { parseHosts } from "@noema/node/web/hosts";
import { parseOrigins } from "@noema/node/web/origins";
import { BACKENDS } from "@noema/precompiles/backend/names";
import { Command, Option } from "commander";
import { DEFAULT_MNEMONIC } from "./accounts.ts";

export type DevnetOptions = {
  validators: number;
  host: string;
  hosts: readonly string[];
  cors: readonly string[];
  port: number;
  metricsPort: number;
  p2pPort: number;
  accounts: number;
  balance: number;
  mnemonic: string;
  chainId: number;
  blockTime: number | undefined;
  asyncSend: boolean;
  gasLimit: number;
  baseFee: number;
  hardfork: string;
  datadir: string;
  fresh: boolean;
  silent: boolean;
  configOut: string | undefined;
  json: boolean;
  backend: string;
  store: "lmdb" | "rocksdb";
};

const CORS = "sites whose pages may ask, * for all; https://a.example+sign may also sign with the accounts and publish";

/** Values with commas between, as `check` takes them. */
function listOption(flags: string, description: string, check: (values: readonly string[]) => unknown, none: string): Option {
  const parse = (text: string) => {
    const values = text === "" ? [] : text.split(",").map((x) => x.trim());
    check(values);
    return values;
  };
  return new Option(flags, description).argParser(parse).default([], none);
}

export function devnetCommand(): Command {
  const port = integer(0, 65535);
  return new Command("devnet")
    .description("A network of validators in one command, really voting; --validators 1 makes a block the moment a transaction arrives.")
    .option("--validators <n>", "validators, each a process of its own", integer(1, 16), 4)
    .option("-p, --port <port>", "JSON-RPC port of validator 0; validator i takes port + i; 0 picks free ones", port, 8545)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .addOption(
      listOption("--hosts <hosts>", "names by which others reach it, of a proxy or a container: a.example,b", parseHosts, "its own"),
    )
    .addOption(listOption("--cors <origins>", CORS, parseOrigins, "those of this machine"))
    .option("--metrics-port <port>", "Prometheus port of validator 0; 0 picks free ones", port, 9545)
    .option("--p2p-port <port>", "p2p port of validator 0; 0 picks free ones", port, 0)
    .option("-a, --accounts <n>", "funded accounts", integer(1, 1000), 10)
    .option("--balance <ether>", "balance of each account", integer(0, 1_000_000_000), 10_000)
    .option("-m, --mnemonic <words>", "BIP-39 mnemonic of the accounts", DEFAULT_MNEMONIC)
    .option("--chain-id <id>", "chain id", integer(1, MAX_CHAIN_ID), 31337)
    .option("-b, --block-time <seconds>", "interval between blocks, fractions allowed", decimal(0.05, 3600, "seconds"))
    .option("--async-send", "answer a send when it is accepted and durable, not when its transaction is in a block (for load)", false)
    .option("--gas-limit <gas>", "gas limit of a block", integer(21_000, 120_000_000), 30_000_000)
    .option("--base-fee <wei>", "base fee of the first block", integer(7, Number.MAX_SAFE_INTEGER), 1_000_000_000)
    .option("--datadir <folder>", "state; started again with the same folder, the chain goes on", ".noema/devnet")
    .option("--fresh", "forget what is in the data directory", false)
    .option("--silent", "print nothing but errors", false)
    .option("--json", "print the configuration as one JSON line instead of the banner", false)
    .option("--config-out <file>", "write the configuration as JSON once all RPCs answer")
    .addOption(new Option("--hardfork <name>", "EVM rules").choices(FORKS).default("osaka"))
    .option("--backend <name>", `inference back end: ${BACKENDS.join(", ")}`, BACKENDS[0])
    .addOption(new Option("--store <name>", "key-value store").choices(["lmdb", "rocksdb"]).default("lmdb"));
}

export function defaultOptions(overrides: Partial<DevnetOptions> = {}): DevnetOptions {
  return { ...(devnetCommand().opts() as DevnetOptions), ...overrides };
}
