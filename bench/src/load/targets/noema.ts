/** A devnet of this or another checkout, started by the command that a person types. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromHex } from "@noema/core/bytes";
import { coreError } from "@noema/core/errors";
import { repositoryRoot } from "@noema/node/paths";
import { createSyncCounter } from "../cost/syncs.ts";
import { makeFolder, startProcess } from "./process.ts";
import type { Target } from "./target.ts";

export type NoemaOptions = {
  /** The checkout whose launcher is started. */
  checkout: string;
  validators: number;
  asyncSend: boolean;
  /** More flags of `noema devnet`. */
  flags: readonly string[];
  /** Added to each fsync, ms. */
  syncDelayMs: number;
  /** The last validator is ended when all are there. */
  turned?: boolean;
};

type DevnetConfig = {
  chainId: number;
  rpcUrls: string[];
  accounts: { privateKey: string }[];
  pids: number[];
  validators: { datadir: string }[];
};

/** So that no block is full: what is measured is how fast they are made, not how large they may be. The devnet's highest. */
const GAS_LIMIT = "120000000";

/** Throws ARGUMENT_INVALID, and BENCH_TARGET_FAILED where it does not start. */
export async function startNoema({ checkout, validators, asyncSend, flags, syncDelayMs, turned = false }: NoemaOptions): Promise<Target> {
  const launcher = join(checkout, "bin", "noema.mjs");
  if (!existsSync(launcher)) throw coreError("ARGUMENT_INVALID", `--noema: ${checkout} is no checkout`);
  const name = `noema-${validators}`;
  const folder = makeFolder(name);
  const configOut = join(folder, "devnet.json");
  const args = ["devnet", "--validators", String(validators), "--port", "0", "--metrics-port", "0", "--silent"];
  args.push("--datadir", join(folder, "data"), "--config-out", configOut, "--gas-limit", GAS_LIMIT, ...(asyncSend ? ["--async-send"] : []));
  const command = [process.execPath, launcher, ...args, ...flags] as const;
  const syncs = createSyncCounter(syncDelayMs);
  const NOEMA_BUNDLE = checkout === repositoryRoot() ? process.env.NOEMA_BUNDLE : undefined; // ours is not another checkout's
  const node = startProcess(name, folder, command, { env: { ...process.env, NOEMA_BUNDLE, ...syncs?.env } });
  const stop = async () => {
    await node.stop();
    syncs?.remove();
  };
  try {
    const config = await node.until((): DevnetConfig | undefined =>
      existsSync(configOut) ? JSON.parse(readFileSync(configOut, "utf8")) : undefined,
    );
    const last = config.validators.at(-1) as DevnetConfig["validators"][number];
    if (turned) {
      process.kill(config.pids.pop() as number, "SIGKILL");
      config.rpcUrls.pop();
      config.validators.pop();
    }
    const folders = config.validators.map((x) => x.datadir);
    const metricsPort = (at: string) => JSON.parse(readFileSync(join(at, "config.json"), "utf8")).metrics.port as number;
    const observeUrl = config.rpcUrls.at(-1) as string; // of several, one that the least comes to
    return {
      name,
      urls: config.rpcUrls,
      observeUrl,
      observeWsUrl: observeUrl.replace(/^http/, "ws"),
      tellsFinality: true,
      chainId: config.chainId,
      funder: fromHex(config.accounts[0]?.privateKey as string),
      validators,
      pid: node.pid,
      processes: config.pids.map((pid, i) => ({ name: `validator ${i}`, pid })),
      folders,
      metricsUrls: folders.map((at) => `http://127.0.0.1:${metricsPort(at)}/metrics`),
      syncs,
      ...(turned && { turned: { folder: last.datadir, others: folders } }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
