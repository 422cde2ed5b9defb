/** The nodes that are compared, each started by its own command with its defaults, in a temporary folder, on a free port. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runCommand } from "../harness/run-command.ts";

export const here = fileURLToPath(new URL(".", import.meta.url));

export const nodeNames = ["anvil", "hardhat", "noema-1", "noema-4"] as const;
export type NodeName = (typeof nodeNames)[number];

export type RunningNode = {
  name: NodeName;
  readonly url: string;
  /** A folder for whatever a scenario needs on disk; gone when the node stops. */
  folder: string;
  /** Ends it and starts it as a chain with nothing in it, on the same data folder; the URL may be another. */
  startFresh(): Promise<void>;
  stop(): Promise<void>;
};

const START_TIMEOUT_MS = 120_000; // the first start of a devnet bundles, on a loaded machine

/** `noema` is the checkout whose devnet is judged. */
export function startNode(name: NodeName, noema: string): Promise<RunningNode> {
  return startWith(name, noema, name === "anvil" ? startAnvil() : name === "hardhat" ? startHardhat : startNoema);
}

/** An anvil that keeps each opcode's step, which it does not by default: it is slower then. */
export function startTracingAnvil(): Promise<RunningNode> {
  return startWith("anvil", "", startAnvil("--steps-tracing"));
}

/** An anvil that begins with the chain behind a URL. */
export function startAnvilFork(url: string): Promise<RunningNode> {
  return startWith("anvil", "", startAnvil("--fork-url", url));
}

async function startWith(name: NodeName, noema: string, start: (at: Start) => Started): Promise<RunningNode> {
  const folder = mkdtempSync(join(tmpdir(), `noema-tools-${name}-`));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const launch = async (fresh: boolean) => untilAnswering(name, start({ name, folder, noema, port: await freePort(), fresh }));
  let running = await launch(false).catch((error) => {
    removeFolder();
    throw error;
  });
  return {
    name,
    get url() {
      return running.url;
    },
    folder,
    async startFresh() {
      await end(running.child);
      running = await launch(true);
    },
    async stop() {
      await end(running.child);
      removeFolder();
    },
  };
}

async function untilAnswering(name: NodeName, { child, findUrl }: Started): Promise<{ child: ChildProcess; url: string }> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; ; await sleep(50)) {
    const url = findUrl();
    if (url !== undefined && (await isAnswering(url))) return { child, url };
    if (child.exitCode === null && Date.now() < deadline) continue;
    await end(child);
    throw new Error(`${name} did not start`);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((done) => child.once("exit", done));
  child.kill("SIGINT");
  await exited;
}

/** `fresh`: what the folder holds of an earlier chain is not gone on with. */
type Start = { name: NodeName; folder: string; noema: string; port: number; fresh: boolean };
/** `findUrl` knows the address once the process has said it. */
type Started = { child: ChildProcess; findUrl(): string | undefined };

function startAnvil(...flags: string[]): (at: Start) => Started {
  return ({ port }) => {
    const child = spawn(foundryTool("anvil"), ["--port", String(port), ...flags], { stdio: "ignore" });
    return { child, findUrl: () => `http://127.0.0.1:${port}` };
  };
}

function startHardhat({ folder, port }: Start): Started {
  writeFileSync(join(folder, "hardhat.config.ts"), "export default {};\n");
  writeFileSync(join(folder, "package.json"), '{"type":"module"}\n');
  const modules = join(folder, "node_modules"); // Hardhat runs only as a dependency of its project
  if (!existsSync(modules)) symlinkSync(join(here, "node_modules"), modules);
  const args = [join(here, "node_modules/hardhat/dist/src/cli.js"), "node", "--port", String(port)];
  return {
    child: spawn(process.execPath, args, { cwd: folder, env: toolEnv(folder), stdio: ["ignore", "ignore", "inherit"] }),
    findUrl: () => `http://127.0.0.1:${port}`,
  };
}

function startNoema({ name, folder, noema, fresh }: Start): Started {
  const configOut = join(folder, "devnet.json");
  rmSync(configOut, { force: true });
  const args = [join(noema, "bin/noema.mjs"), "devnet", "--validators", name === "noema-1" ? "1" : "4"];
  args.push("--port", "0", "--metrics-port", "0", "--datadir", join(folder, "data"), "--config-out", configOut);
  if (fresh) args.push("--fresh");
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  return { child, findUrl: () => (existsSync(configOut) ? JSON.parse(readFileSync(configOut, "utf8")).rpcUrl : undefined) };
}

/** The path of one of foundry's tools. */
export function foundryTool(tool: "anvil" | "cast" | "forge"): string {
  return join(here, "node_modules/@foundry-rs", `${tool}-${foundryPlatform()}`, "bin", tool);
}

/** Runs cast against a node and resolves with what it printed; throws what it complained of. */
export async function cast({ url, folder }: RunningNode, ...args: string[]): Promise<string> {
  const outcome = await runCommand(foundryTool("cast"), [...args, "--rpc-url", url], { env: toolEnv(folder) });
  if (outcome.code !== 0) throw new Error(outcome.stderr.trim().replace(/^Error: /, ""));
  return outcome.stdout;
}

/** The name that foundry's npm packages give to this platform. */
function foundryPlatform(): string {
  return `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
}

/** A home of its own: what a user has cached or configured must not matter, and is not touched. */
export function toolEnv(folder: string): NodeJS.ProcessEnv {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  return { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home, CI: "true", NO_COLOR: "1" };
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    await rpc(url, "eth_chainId");
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** One JSON-RPC call, without a client library. */
export async function rpc<T = unknown>(url: string, method: string, ...params: unknown[]): Promise<T> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal: AbortSignal.timeout(START_TIMEOUT_MS),
  });
  const answer = (await response.json()) as { result?: T; error?: { code: number; message: string } };
  if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
  return answer.result as T;
}

/** Resolves with the status of a transaction whose wait is not what is tried. */
export async function mined(url: string, hash: string): Promise<string> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(50)) {
    const receipt = await rpc<{ status: string } | null>(url, "eth_getTransactionReceipt", hash);
    if (receipt !== null) return receipt.status;
  }
  throw new Error(`${hash} was not mined`);
}
