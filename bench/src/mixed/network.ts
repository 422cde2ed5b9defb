/** Four validators of one chain, each on another stack: prepared as a devnet, then each started again in its own way. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fromHex } from "@noema/core/bytes";
import { type Devnet, startDevnet } from "@noema/devnet/devnet";
import { repositoryRoot } from "@noema/node/paths";
import { benchError } from "../load/errors.ts";
import type { Target } from "../load/targets/target.ts";

/** How a validator is started: with which Node, flags and variables. */
export type ValidatorStack = { name: string; node: string; flags: readonly string[]; env: Record<string, string> };

export type Network = {
  target: Target;
  /** Those that ended, and how. */
  ended(): string[];
  stop(): Promise<void>;
};

const LOOK_MS = 500;
/** A driver in software compiles for minutes on a busy machine. */
const START_MS = 600_000;

/** Throws BENCH_TARGET_FAILED where one does not start. */
export async function startStacks(datadir: string, stacks: readonly ValidatorStack[], say: (line: string) => void): Promise<Network> {
  const ports = { port: 0, metricsPort: 0, p2pPort: 0 };
  const devnet = await startDevnet({ datadir, ...ports, validators: stacks.length, asyncSend: true, fresh: true });
  const ended: string[] = [];
  const children: ChildProcess[] = [];
  const stop = async () => {
    for (const child of children) child.kill();
    await Promise.all(children.map((child) => (child.exitCode ?? child.signalCode) === null && once(child, "exit")));
    await devnet.stop();
  };
  try {
    for (const validator of devnet.validators) validator.child.kill();
    await Promise.all(devnet.validators.map((x) => x.exited));
    for (const [i, stack] of stacks.entries()) {
      say(`validator ${i}: ${stack.name}`);
      const child = startValidator(devnet.folders[i] as string, stack);
      child.once("exit", (code, signal) => ended.push(`validator ${i} (${stack.name}) ended with ${signal ?? code}`));
      children.push(child);
    }
    await ready(devnet, ended);
  } catch (error) {
    await stop();
    throw error;
  }
  ended.length = 0;
  return { target: targetOf(devnet, children), ended: () => [...ended], stop };
}

function startValidator(folder: string, { node, flags, env }: ValidatorStack): ChildProcess {
  const log = openSync(join(folder, "node.log"), "a");
  const args = [
    "--disable-sigusr1",
    join(repositoryRoot(), "bin", "noema.mjs"),
    "start",
    "--config",
    join(folder, "config.json"),
    ...flags,
  ];
  return spawn(node, args, { stdio: ["ignore", log, log], env: { ...process.env, ...env } });
}

async function ready({ rpcUrls }: Devnet, ended: readonly string[]): Promise<void> {
  const answers = async (url: string) => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok === true;
  for (const deadline = performance.now() + START_MS; performance.now() < deadline; await sleep(LOOK_MS)) {
    if (ended.length > 0) throw benchError("BENCH_TARGET_FAILED", ended.join("; "));
    if ((await Promise.all(rpcUrls.map(answers))).every(Boolean)) return;
  }
  throw benchError("BENCH_TARGET_FAILED", `the validators were not ready after ${START_MS / 1000} s`);
}

function targetOf(devnet: Devnet, children: readonly ChildProcess[]): Target {
  const { rpcUrls, metricsUrls, folders, chainId, accounts } = devnet;
  const observeUrl = rpcUrls[0] as string;
  return {
    ...{ name: "noema-mixed", urls: rpcUrls, observeUrl, observeWsUrl: observeUrl.replace(/^http/, "ws"), tellsFinality: true, chainId },
    ...{ funder: fromHex(accounts[0]?.privateKey as string), validators: rpcUrls.length, pid: process.pid },
    processes: children.map((child, i) => ({ name: `validator ${i}`, pid: child.pid as number })),
    ...{ folders, metricsUrls, syncs: undefined, stop: async () => {} },
  };
}
