/** How long commands take until they have done what is waited for: help, and a devnet whose RPC answers. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coreError } from "@noema/core/errors";
import { createProgress } from "@noema/node/cli/progress";
import { median } from "../load/stats/percentiles.ts";
import { freePort, makeFolder, startProcess } from "../load/targets/process.ts";

export type StartOptions = { runs: number; noema: string };

/** What one run gives, ms; `data` is a folder that keeps between runs. */
type Subject = { name: string; run(data: string): Promise<number> };

const PAUSE_MS = 5;

/** Prints a line for each: median, spread, and the median as a multiple of an empty script's, which holds on other machines too. */
export async function measureStart({ runs, noema }: StartOptions): Promise<void> {
  const launcher = join(noema, "bin", "noema.mjs");
  if (!existsSync(launcher)) throw coreError("ARGUMENT_INVALID", `--noema: ${noema} is no checkout`);
  const progress = createProgress();
  const subjects = subjectsOf(launcher);
  const taken = subjects.map((): number[] => []);
  const data = mkdtempSync(join(tmpdir(), "noema-start-"));
  try {
    for (let run = 0; run <= runs; run++)
      for (const [i, subject] of subjects.entries()) {
        const ms = await progress.during(() => `${subject.name}, run ${run} of ${runs} ...`, subject.run(data));
        if (run > 0) taken[i]?.push(ms); // the first makes the bundle and fills caches
      }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
  const unit = median(taken[0] as number[]);
  for (const [i, { name }] of subjects.entries()) {
    const all = taken[i] as number[];
    const spread = `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)}`;
    progress.say(
      `${name.padEnd(28)} ${median(all).toFixed(0).padStart(6)} ms (${spread}), ${(median(all) / unit).toFixed(1)} times node -e 0`,
    );
  }
}

function subjectsOf(launcher: string): Subject[] {
  return [
    { name: "node -e 0", run: async () => ended("-e", "0") },
    { name: "noema --help", run: async () => ended(launcher, "--help") },
    { name: "noema devnet --help", run: async () => ended(launcher, "devnet", "--help") },
    { name: "1 validator, new", run: (data) => untilAnswered(launcher, join(data, "1"), 1, "--fresh") },
    { name: "1 validator, again", run: (data) => untilAnswered(launcher, join(data, "1"), 1) },
    { name: "4 validators, new", run: (data) => untilAnswered(launcher, join(data, "4"), 4, "--fresh") },
    { name: "4 validators, again", run: (data) => untilAnswered(launcher, join(data, "4"), 4) },
  ];
}

function ended(...args: string[]): number {
  const started = performance.now();
  spawnSync(process.execPath, args, { stdio: "ignore" });
  return performance.now() - started;
}

/** Until every validator's RPC answers. */
async function untilAnswered(launcher: string, datadir: string, validators: number, ...flags: string[]): Promise<number> {
  const port = await freePort(validators);
  const args = [
    "devnet",
    "--validators",
    `${validators}`,
    "--port",
    `${port}`,
    "--metrics-port",
    "0",
    "--datadir",
    datadir,
    "--silent",
    ...flags,
  ];
  const started = performance.now();
  const node = startProcess("start", makeFolder("start"), [process.execPath, launcher, ...args]);
  try {
    for (let i = 0; i < validators; i++) {
      const url = `http://127.0.0.1:${port + i}`;
      await node.until(async () => ((await listens(port + i)) && (await answers(url)) ? true : undefined), PAUSE_MS);
    }
    return performance.now() - started;
  } finally {
    await node.stop();
  }
}

/** Looked at first: a question that cannot be asked takes milliseconds of the CPU that the start needs. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const done = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.once("connect", () => done(true)).once("error", () => done(false));
  });
}

async function answers(url: string): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] });
  try {
    return (await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body })).ok;
  } catch {
    return false;
  }
}
