/** A network of validator processes: prepare, start, watch, stop. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { NodeConfigInput } from "@noema/node/config";
import { repositoryRoot } from "@noema/node/paths";
import { type DatadirLock, lockDatadir, lockOwner } from "@noema/node/store/datadir-lock";
import { type DevAccount, deriveAccounts } from "./accounts.ts";
import { type Datadir, existingFolders, prepareDatadir } from "./datadir.ts";
import { type DevnetOptions, defaultOptions } from "./options.ts";
import { claimPorts } from "./ports.ts";
import { spawnValidator, type ValidatorMessage, type ValidatorProcess } from "./process.ts";
import { leftoversGone, stopProcesses } from "./stop.ts";

export type Devnet = {
  chainId: number;
  datadir: string;
  resumed: boolean;
  rpcUrls: string[];
  metricsUrls: string[];
  folders: string[];
  accounts: DevAccount[];
  validators: ValidatorProcess[];
  stop(): Promise<void>;
};

export type DevnetEvents = { onBlock?: (message: ValidatorMessage & { type: "block" }) => void };

/** Resolves when every validator's RPC answers. Throws DEV_PORT_IN_USE, DATADIR_LOCKED, DEV_DATADIR_MISMATCH, DEV_VALIDATOR_FAILED. */
export async function createDevnet(overrides: Partial<DevnetOptions> = {}, events: DevnetEvents = {}): Promise<Devnet> {
  const options = defaultOptions(overrides);
  const path = resolve(options.datadir);
  if (lockOwner(path) === undefined) await leftoversGone(existingFolders(path));
  const ports = await claimAllPorts(options);
  const lock = lockDatadir(path);
  try {
    return await start(options, path, ports, events, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

type Ports = { rpc: number[]; metrics: number[]; p2p: number[] };

async function claimAllPorts({ host, port, metricsPort, p2pPort, validators: n }: DevnetOptions): Promise<Ports> {
  const [rpc = [], metrics = [], p2p = []] = await claimPorts([
    { flag: "--port", host, first: port, count: n },
    { flag: "--metrics-port", host: "127.0.0.1", first: metricsPort, count: n },
    { flag: "--p2p-port", host: "127.0.0.1", first: p2pPort, count: n },
  ]);
  return { rpc, metrics, p2p };
}

async function start(options: DevnetOptions, path: string, ports: Ports, events: DevnetEvents, lock: DatadirLock): Promise<Devnet> {
  const datadir = await prepareDatadir(path, options);
  const accounts = deriveAccounts(options.mnemonic, options.accounts);
  const shown = options.host === "0.0.0.0" ? "127.0.0.1" : options.host;
  const rpcUrls = ports.rpc.map((port) => `http://${shown}:${port}`);
  const configs = ports.rpc.map((_, i) => validatorConfig(options, datadir, accounts, rpcUrls, ports, i));
  for (const [i, config] of configs.entries())
    writeFileSync(join(datadir.folders[i] as string, "config.json"), `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  const onBlock = events.onBlock ?? (() => {});
  const validators = datadir.folders.map((folder, i) => spawnValidator(i, folder, i === 0 ? onBlock : () => {}));
  const stop = async () => {
    await stopProcesses(validators, datadir.folders);
    lock.release();
  };
  try {
    await Promise.all(validators.map((x) => x.ready));
  } catch (error) {
    await stop();
    throw error;
  }
  const metricsUrls = ports.metrics.map((port) => `http://127.0.0.1:${port}/metrics`);
  return {
    chainId: options.chainId,
    datadir: path,
    resumed: datadir.resumed,
    rpcUrls,
    metricsUrls,
    folders: datadir.folders,
    accounts,
    validators,
    stop,
  };
}

function validatorConfig(
  options: DevnetOptions,
  datadir: Datadir,
  accounts: DevAccount[],
  rpcUrls: string[],
  ports: Ports,
  index: number,
): NodeConfigInput {
  const peers = datadir.peerIds.map((id, i) => `/ip4/127.0.0.1/tcp/${ports.p2p[i]}/p2p/${id}`).filter((_, i) => i !== index);
  return {
    genesis: datadir.genesisPath,
    datadir: datadir.folders[index] as string,
    rpc: { host: options.host, port: ports.rpc[index] as number },
    metrics: { port: ports.metrics[index] as number },
    p2p: { port: ports.p2p[index] as number, peers },
    backend: options.backend,
    store: options.store,
    models: join(repositoryRoot(), "precompiles", "models"),
    rpcUrls,
    accounts,
  };
}
