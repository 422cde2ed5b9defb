/** A file of N MB through a devnet by `noema da`: MB/s in and out, and what memory the processes take on the way. */
import { spawn } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startDevnet } from "@noema/devnet/devnet";
import { counted } from "@noema/devnet/words";
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { repositoryRoot } from "@noema/node/paths";
import { residentBytes } from "../usage.ts";

const MB = 1_000_000;
const SAMPLE_MS = 500;
const launcher = join(repositoryRoot(), "bin", "noema.mjs");

export type FilesOptions = { mb: number; validators: number };

/** Prints a line every tenth of the way: bytes so far, and the most that each process held resident since the line before. */
export async function files({ mb, validators }: FilesOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "noema-files-"));
  const [source, copy] = [join(folder, "source"), join(folder, "copy")];
  const progress = createProgress();
  const starting = startDevnet({ datadir: join(folder, "data"), port: 0, metricsPort: 0, validators });
  const devnet = await progress.during((s) => `starting ${counted(validators, "validator")} ... ${s} s`, starting);
  const pids = devnet.validators.map((x) => x.pid);
  const first = devnet.rpcUrls[0] as string;
  try {
    writeRandom(source, mb);
    const put = await measure("put", ["put", source, "--json", "--rpc", first], { folder, mb, pids, progress });
    const { id } = JSON.parse(put) as { id: string };
    await measure("get", ["get", id, "--out", copy, "--rpc", devnet.rpcUrls.at(-1) as string], { folder, mb, pids, progress });
  } finally {
    await progress.during((s) => `stopping ... ${s} s`, devnet.stop());
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeRandom(path: string, mb: number): void {
  const file = openSync(path, "w");
  for (let i = 0; i < mb; i++) writeSync(file, randomFillSync(Buffer.alloc(MB)));
  closeSync(file);
}

type Run = { folder: string; mb: number; pids: readonly number[]; progress: Progress };

/** What the command says on standard output; its own progress tells how far it is. */
async function measure(name: string, args: readonly string[], { folder, mb, pids, progress }: Run): Promise<string> {
  const began = performance.now();
  const child = spawn(process.execPath, [launcher, "da", ...args], { env: { ...process.env, XDG_STATE_HOME: folder } });
  let [out, errors, bytes] = ["", "", 0];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => {
    errors = `${errors}${chunk}`.slice(-2000);
    bytes = Number(/(\d+) of \d+ bytes/g.exec(String(chunk))?.[1] ?? bytes);
  });
  let running = true;
  const ended = new Promise<number | null>((done) => child.once("close", done)).finally(() => (running = false));
  const most = new Map<number, number>();
  const say = () => {
    const seconds = (performance.now() - began) / 1000;
    const [command, ...nodes] = [child.pid as number, ...pids].map((pid) => ((most.get(pid) ?? 0) / MB).toFixed(0));
    progress.say(
      `${name}: ${(bytes / MB).toFixed(0)} MB in ${seconds.toFixed(1)} s; at most ${nodes.join(" ")} MB a validator, ${command} the command`,
    );
    most.clear();
  };
  for (let next = mb / 10; running; await Promise.race([sleep(SAMPLE_MS), ended])) {
    for (const pid of [child.pid as number, ...pids]) most.set(pid, Math.max(most.get(pid) ?? 0, residentOr0(pid)));
    if (bytes / MB < next) continue;
    say();
    next += mb / 10;
  }
  if ((await ended) !== 0) throw new Error(`noema da ${args.join(" ")}: ${errors}`);
  bytes = mb * MB;
  say();
  progress.say(`${name}: ${(mb / ((performance.now() - began) / 1000)).toFixed(2)} MB/s`);
  return out;
}

/** Of a process that may just have ended. */
function residentOr0(pid: number): number {
  try {
    return residentBytes(pid) || 0;
  } catch {
    return 0;
  }
}
