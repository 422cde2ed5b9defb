/** A real devnet in processes of its own, started by the command a person types. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const launcher = fileURLToPath(new URL("../../bin/noema.mjs", import.meta.url));
const START_TIMEOUT_MS = 90_000; // the first start bundles, on a loaded machine

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
  /** kill -9 of validator i's own process; resolves when it is gone. */
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

/** Starts `noema devnet` on free ports; with `earlier`, in the data directory of an earlier one. */
export async function startDevnet(args: readonly string[] = [], earlier?: string): Promise<RunningDevnet> {
  const folder = earlier ?? mkdtempSync(join(tmpdir(), "noema-e2e-"));
  const configOut = join(folder, "devnet-config.json");
  rmSync(configOut, { force: true });
  const fixed = ["--port", "0", "--metrics-port", "0", "--datadir", join(folder, "data"), "--config-out", configOut];
  const child = spawn(process.execPath, [launcher, "devnet", ...fixed, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a process group of its own
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const restarted: ChildProcess[] = [];
  await until(
    () => existsSync(configOut) || child.exitCode !== null,
    START_TIMEOUT_MS,
    () => `the devnet did not start:\n${output}`,
  );
  if (!existsSync(configOut)) {
    if (earlier === undefined) rmSync(folder, { recursive: true, force: true });
    throw new Error(`the devnet ended while starting:\n${output}`);
  }
  const config = JSON.parse(readFileSync(configOut, "utf8")) as DevnetConfig;
  const pids = [...config.pids];

  const signal = async (name: NodeJS.Signals, to: "parent" | "group" = "parent") => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((done) => child.once("exit", done));
      process.kill(to === "group" ? -(child.pid as number) : (child.pid as number), name);
      await exited;
    }
    return child.exitCode;
  };
  const interrupt = () => signal("SIGINT");
  return {
    ...config,
    folder,
    config,
    output: () => output,
    interrupt,
    signal,
    parent: child,
    pidOf: (index) => pids[index] as number,
    async kill(index) {
      const pid = pids[index] as number;
      process.kill(pid, "SIGKILL");
      await until(
        () => !isAlive(pid),
        5000,
        () => `process ${pid} survived SIGKILL`,
      );
    },
    async restart(index) {
      const validator = config.validators[index] as DevnetConfig["validators"][number];
      const log = openSync(join(validator.datadir, "node.log"), "a");
      const again = spawn("sh", ["-c", `exec ${validator.command}`], { stdio: ["ignore", log, log] });
      closeSync(log);
      restarted.push(again);
      pids[index] = again.pid as number;
      await until(
        () => isAnswering(validator.rpcUrl),
        60_000, // its command may have to bundle first, where a source has changed
        () => `validator ${index} did not come back`,
      );
    },
    async destroy() {
      await interrupt();
      for (const process of restarted) if (process.exitCode === null) process.kill("SIGKILL");
      if (process.env.NOEMA_KEEP === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      else process.stdout.write(`kept ${folder}\n`);
    },
  };
}

export async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number, describe: () => string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(describe());
    await new Promise((done) => setTimeout(done, 50));
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie of ours is dead: its parent has not looked yet.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/livez`)).ok;
  } catch {
    return false;
  }
}

/** One JSON-RPC call; throws the error object's message with its code. */
export async function rpc<T = unknown>(url: string, method: string, ...params: unknown[]): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const answer = (await response.json()) as { result?: T; error?: { code: number; message: string; data?: unknown } };
  if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
  return answer.result as T;
}
