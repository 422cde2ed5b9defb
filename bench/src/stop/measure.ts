/** How long a validator takes from SIGTERM to its end, while it has something to do. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createProgress } from "@noema/node/cli/progress";
import { repositoryRoot } from "@noema/node/paths";
import { median } from "../load/stats/percentiles.ts";
import { freePort, makeFolder, startProcess } from "../load/targets/process.ts";

const LOOK_MS = 5;
/** Runs end at moments spread over it: 15 s after its start a node loads KZG's set-up, for 3 s of CPU. */
const SPREAD_S = 20;
const OBJECT_BYTES = 300_000;

const launcher = join(repositoryRoot(), "bin", "noema.mjs");

/** A line for a lone validator and one for one of four: median and the longest. */
export async function measureStop(runs: number): Promise<void> {
  const progress = createProgress();
  for (const validators of [1, 4]) {
    const taken: number[] = [];
    for (let run = 0; run < runs; run++) {
      const seconds = ((run + 0.5) / runs) * SPREAD_S;
      taken.push(await progress.during(() => `${validators} validators, run ${run + 1} of ${runs} ...`, stopOne(validators, seconds)));
    }
    const name = validators === 1 ? "a lone validator" : `one of ${validators}`;
    progress.say(`${name.padEnd(18)} ended after ${median(taken).toFixed(0)} ms, at the most ${Math.max(...taken).toFixed(0)} ms`);
  }
}

async function stopOne(validators: number, afterSeconds: number): Promise<number> {
  const [folder, port] = [makeFolder("stop"), await freePort(validators)];
  const datadir = join(folder, "data");
  const ports = ["--port", `${port}`, "--metrics-port", "0"];
  const args = ["devnet", "--validators", `${validators}`, ...ports, "--datadir", datadir, "--async-send", "--silent"];
  const devnet = startProcess("devnet", folder, [process.execPath, launcher, ...args]);
  const load = new AbortController();
  try {
    const url = `http://127.0.0.1:${port + validators - 1}`;
    const [from] = await devnet.until(() => ask(url, "eth_accounts").catch(() => undefined));
    const loads = [keepSending(url, from, load.signal), keepPutting(url, load.signal)];
    await sleep(afterSeconds * 1000);
    const ms = await endLast(datadir);
    load.abort();
    await Promise.all(loads);
    return ms;
  } finally {
    load.abort();
    await devnet.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function endLast(datadir: string): Promise<number> {
  const { stdout } = spawnSync(process.execPath, [launcher, "ps", "--datadir", datadir, "--json"], { encoding: "utf8" });
  const pid = JSON.parse(stdout).validators.at(-1).pid as number;
  const started = performance.now();
  process.kill(pid, "SIGTERM");
  while (lives(pid)) await sleep(LOOK_MS);
  return performance.now() - started;
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function ask(url: string, method: string, ...params: unknown[]) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  return ((await answer.json()) as { result: string[] }).result;
}

/** Until the node goes, or is told to. */
async function keepSending(url: string, from: string | undefined, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) if (!(await succeeds(ask(url, "eth_sendTransaction", { from, to: from, value: "0x1" })))) return;
}

async function keepPutting(url: string, signal: AbortSignal): Promise<void> {
  const put = () => fetch(`${url}/da`, { method: "PUT", body: randomBytes(OBJECT_BYTES), signal });
  while (!signal.aborted) if (!(await succeeds(put()))) return;
}

const succeeds = (work: Promise<unknown>) => work.then(() => true, () => false); // biome-ignore format: one line
