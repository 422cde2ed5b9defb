/** A network of validator processes: prepare, start, watch, stop. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { NodeConfigInput } from "@noema/node/config";
import { repositoryRoot } from "@noema/node/paths";
import { type DevAccount, deriveAccounts } from "./accounts.ts";
import { type Datadir, prepareDatadir } from "./datadir.ts";
import { type DevnetOptions, defaultOptions } from "./options.ts";
import { claimPorts } from "./ports.ts";
import { spawnValidator, type ValidatorMessage, type ValidatorProcess } from "./process.ts";
import { stopProcesses } from "./stop.ts";

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

/** Resolves when every validator's RPC answers. Throws DEV_PORT_IN_USE, DEV_DATADIR_MISMATCH, DEV_VALIDATOR_FAILED. */
export async function createDevnet(overrides: Partial<DevnetOptions> = {}, events: DevnetEvents = {}): Promise<Devnet> {
  const options = defaultOptions(overrides);
  const path = resolve(options.datadir);
  const n = options.validators;
  const rpcPorts = await claimPorts(options.host, options.port, n);
  const metricsPorts = await claimPorts("127.0.0.1", options.metricsPort, n);
  const p2pPorts = await claimPorts("127.0.0.1", options.p2pPort, n);
  const datadir = await prepareDatadir(path, options);
  const accounts = deriveAccounts(options.mnemonic, options.accounts);
  const shown = options.host === "0.0.0.0" ? "127.0.0.1" : options.host;
  const rpcUrls = rpcPorts.map((port) => `http://${shown}:${port}`);
  const configs = rpcPorts.map((port, i) =>
    validatorConfig(options, datadir, accounts, rpcUrls, { rpc: port, metrics: metricsPorts[i] as number }, p2pPorts, i),
  );
  for (const [i, config] of configs.entries())
    writeFileSync(join(datadir.folders[i] as string, "config.json"), `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  const onBlock = events.onBlock ?? (() => {});
  const validators = datadir.folders.map((folder, i) => spawnValidator(i, folder, i === 0 ? onBlock : () => {}));
  const stop = () => stopProcesses(validators, datadir.folders);
  try {
    await Promise.all(validators.map((x) => x.ready));
  } catch (error) {
    await stop();
    throw error;
  }
  const metricsUrls = metricsPorts.map((port) => `http://127.0.0.1:${port}/metrics`);
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
  ports: { rpc: number; metrics: number },
  p2pPorts: number[],
  index: number,
): NodeConfigInput {
  const peers = datadir.peerIds.map((id, i) => `/ip4/127.0.0.1/tcp/${p2pPorts[i]}/p2p/${id}`).filter((_, i) => i !== index);
  return {
    genesis: datadir.genesisPath,
    datadir: datadir.folders[index] as string,
    rpc: { host: options.host, port: ports.rpc },
    metrics: { port: ports.metrics },
    p2p: { port: p2pPorts[index] as number, peers },
    backend: options.backend,
    store: options.store,
    models: join(repositoryRoot(), "precompiles", "models"),
    rpcUrls,
    accounts,
  };
}
