/** A real devnet in processes of its own, started by the command a person types. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { claimPortBlock } from "@noema/node/testing/port-block";
import { endWithTests, isAlive, lastLines, lastLinesOf, startProcess, watch } from "./processes.ts";
import { until } from "./wait.ts";

export const launcher = fileURLToPath(new URL("../../bin/noema.mjs", import.meta.url));

/** The devnet's limit. */
const MAX_VALIDATORS = 16;
/** Four validators would spend 8 s of CPU on what few tests need; a test that does loads it then. */
const NEVER = String(2 ** 31 - 1);

export type DevnetConfig = {
  chainId: number;
  rpcUrl: string;
  wsUrl: string;
  rpcUrls: string[];
  accounts: { address: `0x${string}`; privateKey: `0x${string}` }[];
  pids: number[];
  validators: { index: number; pid: number; datadir: string; rpcUrl: string; command: string }[];
};

export type RunningDevnet = DevnetConfig & {
  folder: string;
  /** The file itself. */
  config: DevnetConfig;
  output(): string;
  /** SIGINT, as Ctrl-C; resolves with the exit code. */
  interrupt(): Promise<number | null>;
  /** Another signal, or to the devnet and its validators as a terminal does it. */
  signal(name: NodeJS.Signals, to?: "parent" | "group"): Promise<number | null>;
  /** kill -9 of validator i's own process; resolves when it is gone. A validator that ends otherwise fails the test. */
  kill(index: number): Promise<void>;
  /** Runs validator i's restart command. */
  restart(index: number): Promise<void>;
  /** The process id that validator i has now. */
  pidOf(index: number): number;
  /** The devnet's own process. */
  parent: ChildProcess;
  /** Ends everything and removes the folder. */
  destroy(): Promise<void>;
};

/** Starts `noema devnet` on ports of its own; with `earlier`, in the data directory of an earlier one. */
export async function startDevnet(args: readonly string[] = [], earlier?: string): Promise<RunningDevnet> {
  const folder = earlier ?? mkdtempSync(join(tmpdir(), "noema-e2e-"));
  const data = join(folder, "data");
  const configOut = join(folder, "devnet-config.json");
  rmSync(configOut, { force: true });
  const { ports, release } = await claimPortBlock(3 * MAX_VALIDATORS);
  const [rpcPort, metricsPort, p2pPort] = [0, 1, 2].map((i) => String(ports[i * MAX_VALIDATORS])) as [string, string, string];
  const listen = ["--port", rpcPort, "--metrics-port", metricsPort, "--p2p-port", p2pPort];
  const env = { NOEMA_DA_PREPARE_AFTER_MS: NEVER, ...process.env };
  const devnet = startProcess(process.execPath, [launcher, "devnet", ...listen, "--datadir", data, "--config-out", configOut, ...args], {
    detached: true, // a process group of its own
    env,
  });
  const { child } = devnet;
  let stopping = false;
  /** Killed by the test. */
  const down = new Set<number>();
  let pids: number[] = [];
  const unwatch = watch({
    lastWords: () => lastWords(devnet.output(), data),
    fault() {
      if (stopping) return undefined;
      if (devnet.ending() !== undefined) return `the devnet ended: ${devnet.ending()}`;
      const lost = pids.findIndex((pid, i) => !down.has(i) && !isAlive(pid));
      return lost < 0 ? undefined : `validator ${lost} ended, and no test asked for it`;
    },
  });
  const forget = () => {
    stopping = true;
    unwatch();
    release();
  };
  try {
    await until(
      () => existsSync(configOut),
      () => "the devnet did not start",
    );
  } catch (error) {
    forget();
    if (devnet.ending() === undefined) child.kill("SIGKILL");
    await devnet.ended;
    if (earlier === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
  const config = JSON.parse(readFileSync(configOut, "utf8")) as DevnetConfig;
  pids = [...config.pids];
  const restarted: ChildProcess[] = [];

  const signal = async (name: NodeJS.Signals, to: "parent" | "group" = "parent") => {
    stopping = true;
    if (devnet.ending() === undefined) process.kill(to === "group" ? -(child.pid as number) : (child.pid as number), name);
    return (await devnet.ended).code;
  };
  return {
    ...config,
    folder,
    config,
    output: devnet.output,
    interrupt: () => signal("SIGINT"),
    signal,
    parent: child,
    pidOf: (index) => pids[index] as number,
    async kill(index) {
      const pid = pids[index] as number;
      down.add(index);
      process.kill(pid, "SIGKILL");
      await until(
        () => !isAlive(pid),
        () => `process ${pid} survived SIGKILL`,
      );
    },
    async restart(index) {
      const validator = config.validators[index] as DevnetConfig["validators"][number];
      const log = openSync(join(validator.datadir, "node.log"), "a");
      const again = spawn("sh", ["-c", `exec ${validator.command}`], { stdio: ["ignore", log, log], env });
      closeSync(log);
      endWithTests(again);
      restarted.push(again);
      pids[index] = again.pid as number;
      down.delete(index);
      await until(
        () => isAnswering(validator.rpcUrl),
        () => `validator ${index} did not come back`,
      );
    },
    async destroy() {
      await signal("SIGINT");
      for (const process of restarted) if (process.exitCode === null) process.kill("SIGKILL");
      forget();
      if (process.env.NOEMA_KEEP === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      else process.stdout.write(`kept ${folder}\n`);
    },
  };
}

/** The end of what a devnet and each of its validators said. */
function lastWords(output: string, data: string): string {
  const folders = existsSync(data) ? readdirSync(data).filter((x) => x.startsWith("validator-")) : [];
  return [lastLines(output), ...folders.map((name) => lastLinesOf(join(data, name, "node.log")))].join("\n");
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/livez`)).ok;
  } catch {
    return false;
  }
}

type Answer = { id: number; result?: unknown; error?: { code: number; message: string; data?: unknown } };

/** One JSON-RPC call; throws the error object's message with its code. */
export async function rpc<T = unknown>(url: string, method: string, ...params: unknown[]): Promise<T> {
  return resultOf((await post(url, { jsonrpc: "2.0", id: 0, method, params })) as Answer);
}

/** A method asked many times in one batch: the results in order. Throws as `rpc` does. */
export async function rpcEach<T = unknown>(url: string, method: string, each: readonly unknown[][]): Promise<T[]> {
  if (each.length === 0) return [];
  const answers = (await post(
    url,
    each.map((params, id) => ({ jsonrpc: "2.0", id, method, params })),
  )) as Answer[];
  return answers.toSorted((a, b) => a.id - b.id).map((x) => resultOf<T>(x));
}

async function post(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return response.json();
}

function resultOf<T>({ result, error }: Answer): T {
  if (error) throw Object.assign(new Error(error.message), error);
  return result as T;
}

export { isAlive };
