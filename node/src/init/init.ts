/** What `noema init` makes: genesis.json, network.json and config.json, and of a validator its logs. */
import { join, resolve } from "node:path";
import { fromHex, to0x } from "@noema/core/bytes";
import { coreError } from "@noema/core/errors";
import { isMember, publicKeyHex } from "@noema/core/validator-index";
import { CONFIG_FILE, configFileOf, type Given, parseNodeConfig, withGiven } from "../config.ts";
import { nodeError } from "../errors.ts";
import { writeJson } from "../files/write-file.ts";
import { chosenKey, heldKeys } from "../keys/key-folder.ts";
import { loadPeerKey } from "../keys/peer-key.ts";
import { networkError } from "../network/errors.ts";
import { chainSpecOf, NETWORK_FILE, peersOf, readNetworkFile } from "../network/network-file.ts";
import { addressBook } from "../p2p/address-book.ts";
import { beginLogs } from "../setup.ts";
import { lockDatadir } from "../store/datadir-lock.ts";
import { guardGenesis } from "../store/genesis-guard.ts";
import type { ChainSpec } from "../wiring/genesis.ts";

const GENESIS_FILE = "genesis.json";
const PORTS = { rpc: 8545, metrics: 9545, p2p: 9645 };

/** What was made, in words. Throws INIT_EXISTS, NOT_A_VALIDATOR, DATADIR_*, KEY_*, CONFIG_INVALID, and what reading the network's file throws. */
export async function initNode(networkPath: string, given: Given): Promise<string> {
  if (given.datadir === undefined) throw coreError("ARGUMENT_INVALID", "--datadir <folder> is missing");
  const datadir = resolve(given.datadir as string);
  const network = readNetworkFile(networkPath);
  const spec = chainSpecOf(network);
  const lock = await lockDatadir(datadir);
  try {
    const file = join(datadir, CONFIG_FILE);
    const there = configFileOf(undefined, { datadir });
    if (there !== undefined) throw networkError("INIT_EXISTS", `${there} exists`, { file: there });
    guardGenesis(datadir, spec.hash);
    const key = given.follow === true || heldKeys(datadir).length === 0 ? undefined : memberKey(datadir, given, spec);
    const { id } = await loadPeerKey(datadir);
    const base = {
      genesis: GENESIS_FILE,
      network: NETWORK_FILE,
      datadir: ".",
      ...(key === undefined && { follow: true }),
      rpc: { port: PORTS.rpc },
      metrics: { port: PORTS.metrics },
      p2p: ownAddress(peersOf(network), id),
      logFile: "node.log",
    };
    const { datadir: _, ...told } = given;
    const config = withGiven(base, told) as typeof base;
    parseNodeConfig({ ...config, p2p: { peers: [], ...config.p2p } }, datadir, file);
    if (key !== undefined) await beginLogs(datadir, { genesisHash: spec.hash, publicKey: fromHex(key, 48) });
    writeJson(join(datadir, GENESIS_FILE), spec.genesis);
    writeJson(join(datadir, NETWORK_FILE), network);
    writeJson(file, config, 0o600); // last: a half-made directory is made again
    const role = key === undefined ? "a full node (it votes for nothing)" : `validator ${key}`;
    return `${datadir} is ${role} of network ${network.name}, genesis ${to0x(spec.hash)}: noema start --datadir ${given.datadir}`;
  } finally {
    lock.release();
  }
}

function memberKey(datadir: string, { validatorKey }: Given, spec: ChainSpec): string {
  const { publicKey } = chosenKey({ datadir, validatorKey: validatorKey as string | undefined });
  if (isMember(spec.validatorSet(0), publicKeyHex(fromHex(publicKey)))) return publicKey;
  const message = `${publicKey} is none of the network's validators: with --follow the directory becomes a full node`;
  throw nodeError("NOT_A_VALIDATOR", message, { publicKey });
}

/** Where a founder said that others reach it; on this machine alone where that is a loopback address. */
function ownAddress(peers: readonly string[], id: string): { host?: string; port: number } {
  const own = addressBook(peers, "").get(id)?.[0]?.getComponents() ?? [];
  const port = Number(own.find((x) => x.name === "tcp")?.value ?? PORTS.p2p);
  return own.length === 0 || /^(127\.|::1$|localhost$)/.test(own[0]?.value ?? "") ? { port } : { host: "0.0.0.0", port };
}
