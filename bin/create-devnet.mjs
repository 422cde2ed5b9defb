/**
 * A devnet for a test suite (types: create-devnet.d.mts):
 *   const devnet = await createDevnet();   // ... use devnet.rpcUrl
 *   await devnet.stop();
 * Each is a process with a chain of its own, on free ports, in a folder of its own; it ends and cleans up when this process does, however
 * that ends: the devnet sees the channel between them close. Plain JavaScript, since Node strips no types under node_modules.
 */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { fittingNode } from "./installation.mjs";

const LAUNCHER = fileURLToPath(new URL("./noema.mjs", import.meta.url));
/** A range that hardly any public chain lies in, and that fits every client's idea of a number. */
const CHAIN_IDS = [1_000_000_000, 2_000_000_000];

/** Resolves when every validator's RPC answers. Rejects with what the devnet complained of; its `code` is one of docs/errors.md. */
export async function createDevnet({ validators = 1, chainId = randomInt(...CHAIN_IDS), flags = [], ...options } = {}) {
  const state = options.datadir === undefined ? { ephemeral: true } : {};
  const given = { port: 0, metricsPort: 0, validators, chainId, ...state, ...options };
  const args = [LAUNCHER, "devnet", "--json", ...Object.entries(given).flatMap(asFlag), ...flags];
  const child = spawn(fittingNode(), args, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const ended = new Promise((done) => child.once("close", done));
  const { pids, validators: _, ...description } = await firstLine(child, ended);
  for (const handle of [child, child.channel, child.stdout, child.stderr]) handle.unref(); // whoever forgets to stop it may still end
  const request = (method, params = []) => ask(description.rpcUrl, method, params);
  return {
    ...description,
    request,
    snapshot: () => request("evm_snapshot"),
    async revert(id) {
      if (!(await request("evm_revert", [id]))) throw new Error(`there is no snapshot ${id}`);
    },
    async stop() {
      child.ref();
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** An option of createDevnet as `noema devnet` takes it: `blockTime: 2` is --block-time 2, `mining: false` is --no-mining. */
function asFlag([name, value]) {
  const flag = name.replace(/[A-Z]/g, (x) => `-${x.toLowerCase()}`);
  if (value === undefined || value === (name === "mining")) return [];
  if (typeof value === "boolean") return name === "mining" ? ["--no-mining"] : value ? [`--${flag}`] : [];
  return [`--${flag}`, Array.isArray(value) ? value.join(",") : String(value)];
}

/** What `--json` prints. What comes on stderr until then says why there is none, and afterwards is passed on. */
async function firstLine({ stdout, stderr }, ended) {
  let said = "";
  const collect = (chunk) => (said += chunk);
  stderr.setEncoding("utf8").on("data", collect);
  const line = new Promise((done) => {
    let text = "";
    stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) done(text);
    });
  });
  const text = await Promise.race([line, ended.then(() => undefined)]);
  if (text === undefined) throw Object.assign(new Error(said.trim()), { code: /\((\w+)\)\s*$/.exec(said)?.[1] });
  stderr.off("data", collect).on("data", (chunk) => process.stderr.write(chunk));
  return JSON.parse(text);
}

async function ask(url, method, params) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = await response.json();
  if (error) throw Object.assign(new Error(error.message), error);
  return result;
}
