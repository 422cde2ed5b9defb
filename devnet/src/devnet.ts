/** A network of validator processes: prepare, start, watch, stop. */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Genesis } from "@noema/core/genesis";
import type { NodeConfigInput } from "@noema/node/config";
import { writeJson } from "@noema/node/files/write-file";
import { openKeyFiles } from "@noema/node/keys/key-file";
import { parseMnemonic } from "@noema/node/keys/mnemonic";
import { type DatadirLock, lockDatadir, lockOwner } from "@noema/node/store/datadir-lock";
import { urlHost } from "@noema/node/web/url-host";
import { type DevAccount, deriveAccounts } from "./accounts.ts";
import type { BlockMessage } from "./block-message.ts";
import { type Datadir, existingFolders, LOG_FILE, prepareDatadir } from "./datadir.ts";
import { MODELS_FOLDER } from "./models.ts";
import { type DevnetOptions, readOptions } from "./options.ts";
import { claimPorts } from "./ports.ts";
import { spawnValidator, type ValidatorProcess } from "./process.ts";
import { leftoversGone, stopProcesses } from "./stop.ts";

export type Devnet = {
  chainId: number;
  genesis: Genesis;
  mnemonic: string;
  datadir: string;
  /** Its folder goes when it ends. */
  ephemeral: boolean;
  resumed: boolean;
  rpcUrls: string[];
  metricsUrls: string[];
  folders: string[];
  accounts: DevAccount[];
  validators: ValidatorProcess[];
  stop(): Promise<void>;
};

export type DevnetEvents = {
  /** From every validator, in order of height of each. */
  onBlock?: (block: BlockMessage) => void;
  /** What a person should mend, though the network runs. */
  onWarning?: (line: string) => void;
};

/** Resolves when every validator's RPC answers. Throws DEV_*, DATADIR_LOCKED, FILE_*, and what a validator fails with. */
export async function startDevnet(overrides: Partial<DevnetOptions> = {}, events: DevnetEvents = {}): Promise<Devnet> {
  const { shared = {}, ...own } = overrides;
  const given = { ...readOptions(own), shared };
  const options = { ...given, mnemonic: parseMnemonic(given.mnemonic) };
  const path = resolve(options.datadir);
  if ((await lockOwner(path)) === undefined) await leftoversGone(existingFolders(path));
  const ports = await claimAllPorts(options);
  const lock = await lockDatadir(path);
  try {
    return await start(options, path, ports, events, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Where a node listens that was told nothing else, and where each finds the others. */
const LOCAL = "127.0.0.1";

type Ports = { rpc: number[]; metrics: number[]; p2p: number[] };

async function claimAllPorts({ shared, port, metricsPort, p2pPort, validators: n }: DevnetOptions): Promise<Ports> {
  const { host = LOCAL } = shared.rpc ?? {};
  const [rpc = [], metrics = [], p2p = []] = await claimPorts([
    { flag: "--port", host, first: port, count: n },
    { flag: "--metrics-port", host: LOCAL, first: metricsPort, count: n },
    { flag: "--p2p-port", host: LOCAL, first: p2pPort, count: n },
  ]);
  return { rpc, metrics, p2p };
}

async function start(options: DevnetOptions, path: string, ports: Ports, events: DevnetEvents, lock: DatadirLock): Promise<Devnet> {
  const accounts = deriveAccounts(options.mnemonic, options.accounts);
  const datadir = await prepareDatadir(path, options, accounts);
  const rpcUrls = ports.rpc.map((port) => `http://${urlHost(options.shared.rpc?.host ?? LOCAL)}:${port}`);
  const configs = ports.rpc.map((_, i) => validatorConfig(options, datadir, accounts, rpcUrls, ports, i));
  for (const [i, config] of configs.entries()) writeJson(join(datadir.folders[i] as string, "config.json"), config, 0o600);
  for (const { path, mode } of datadir.folders.flatMap(openKeyFiles))
    events.onWarning?.(`${path} holds a key, and others can read it (mode ${mode}): chmod 600 ${path}`);
  const onBlock = events.onBlock ?? (() => {});
  const validators = datadir.folders.map((folder, i) => spawnValidator(i, folder, onBlock));
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
  const metricsUrls = ports.metrics.map((port) => `http://${LOCAL}:${port}/metrics`);
  return {
    chainId: options.chainId,
    genesis: datadir.genesis,
    mnemonic: options.mnemonic,
    datadir: path,
    ephemeral: options.ephemeral,
    resumed: datadir.resumed,
    rpcUrls,
    metricsUrls,
    folders: datadir.folders,
    accounts,
    validators,
    stop,
  };
}

/**
 * From its start to when a validator loads its set-up for blobs, 2 s of CPU: one after the other, or blocks wait for seconds on the cores
 * that they share.
 */
const PREPARE_MS = { first: 15_000, apart: 5_000 };

function validatorConfig(
  options: DevnetOptions,
  datadir: Datadir,
  accounts: DevAccount[],
  rpcUrls: string[],
  ports: Ports,
  index: number,
): NodeConfigInput {
  const folder = datadir.folders[index] as string;
  const { rpc, metrics, da, ...shared } = options.shared;
  const peers = datadir.peerIds.map((id, i) => `/ip4/${LOCAL}/tcp/${ports.p2p[i]}/p2p/${id}`).filter((_, i) => i !== index);
  return {
    ...shared,
    genesis: relative(folder, datadir.genesisPath),
    datadir: ".",
    rpc: { ...rpc, port: ports.rpc[index] as number, sendWaitMs: sendWaitMs(options) },
    metrics: { ...metrics, port: ports.metrics[index] as number },
    p2p: { port: ports.p2p[index] as number, peers },
    da: { prepareAfterMs: PREPARE_MS.first + index * PREPARE_MS.apart, ...da },
    // A directory of an older devnet has none: the models that come with Noema then.
    ...(existsSync(join(datadir.path, MODELS_FOLDER)) ? { models: join("..", MODELS_FOLDER) } : {}),
    logFile: LOG_FILE,
    rpcUrls,
    accounts,
  };
}

/** Milliseconds: a lone validator makes the block at once; with several a send that takes longer is answered by its hash, as Ethereum does. */
function sendWaitMs({ asyncSend, blockTime, validators }: DevnetOptions): number {
  if (asyncSend || blockTime !== undefined) return 0;
  return validators === 1 ? 10_000 : 1_000;
}
